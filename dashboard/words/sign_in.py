"""Every sentence of the pages on which people sign in, set up and keep their account."""

from models.domain.users import Ended

SIGN_IN_TITLE = "Sign in"
CHOOSE_A_PERSON = (
    "This is a replay on this computer, without real accounts. Choose who you are: what you do is logged as theirs."
)
NOBODY = "Nobody can sign in yet. Add the first person on the computer that Grapevine runs on:"
ADD_FIRST = 'grapevine user add "YOUR NAME" --sign-in you --service "YOUR SERVICE" --role administrator'
SIGN_IN_NAME = "Sign-in name"
PASSWORD = "Password"
SIGN_IN = "Sign in"
FORGOTTEN = "Forgotten your password, or locked out? Ask an administrator for a new set-up link."
NO_SUCH_PERSON = "Choose one of these people."

# --- In the top bar ------------------------------------------------------------------------------------------------
YOU = "You"
YOUR_ROLES = "Your roles"
YOUR_ACCOUNT = "Your account and sessions"
SIGN_OUT = "Sign out"
NO_ROLES = "You have no role yet. Ask an administrator."
OF_ONE_INCIDENT = "in one incident"

# --- Why one is asked to sign in again -----------------------------------------------------------------------------
SIGNED_OUT = "You are signed out."
ENDED = {
    Ended.SIGNED_OUT: SIGNED_OUT,
    Ended.IDLE: "You were signed out because nobody used this browser for a while. What you typed is kept.",
    Ended.TOO_OLD: "You were signed out because you signed in long ago. What you typed is kept.",
    Ended.BY_OTHERS: "An administrator ended your session.",
    Ended.BY_THEMSELVES: "You ended this session from another browser, or changed your password.",
    Ended.AT_PROVIDER: "You signed out at your service's own sign-in, or it no longer lets you in here.",
}

# --- Name and password ---------------------------------------------------------------------------------------------
WRONG = "This sign-in name and password do not belong together. Check both and try again."
LOCKED = (
    "Too many wrong passwords were tried from browsers that never signed in as this person. "
    "Try again in {minutes} minutes, use a browser that has signed in before, or ask an administrator for a new "
    "set-up link."
)
BUSY = "Many people are signing in at this moment. Try again in a few seconds."
CODE_TITLE = "Second factor"
CODE_INTRO = "Enter the code that your authenticator app shows for Grapevine."
CODE = "Six-digit code"
CODE_WRONG = "This code is not right, or was used already. Wait for the next one and enter it."
CODE_LATE = "That took longer than five minutes. Sign in again."
CONTINUE = "Continue"

# --- Set-up by a one-time link -------------------------------------------------------------------------------------
SET_UP_TITLE = "Choose your password"
SET_UP_INTRO = "Nobody else learns it. A few unrelated words are good; a password manager's is better."
NEW_PASSWORD = "New password"
NEW_PASSWORD_HINT = "At least 12 characters. Any characters will do."
AGAIN = "The same once more"
NOT_THE_SAME = "The two are not the same. Enter the new password again, twice."
SET_UP_SAVE = "Save this password"
SET_UP_DONE = "Your password is saved. Sign in with it."
LINK_CLOSED_TITLE = "This link no longer works"
LINK_CLOSED = "A set-up link works once, for 24 hours. Ask whoever gave it to you for a new one."

# --- The account ---------------------------------------------------------------------------------------------------
ACCOUNT_TITLE = "Your account"
BACK_TO_THE_BOARD = "← Back to the board"
SESSIONS_TITLE = "Where you are signed in"
SESSION_DEVICE = "Browser"
SESSION_STARTED = "Signed in"
SESSION_SEEN = "Last used"
THIS_BROWSER = "this browser"
END_SESSION = "End"
END_OTHERS = "End all others"
SESSION_GONE = "That session is ended."
OTHERS_GONE = "Every other session is ended."
PASSWORD_TITLE = "Password"
CURRENT_PASSWORD = "Password now"
CURRENT_WRONG = "This is not your password now."
CURRENT_WRONG_EITHER = (
    "The password now or the code is not right, or the code was used already. Wait for the next one."
)
CHANGE_PASSWORD = "Change the password"
PASSWORD_CHANGED = "Your password is changed. Every other session of yours is ended."
FACTOR_TITLE = "Second factor"
FACTOR_ON = "On: a code from your authenticator app is asked for at each sign-in, and for each change here."
FACTOR_OFF = "Off. Turn it on, so that a stolen password alone opens nothing."
FACTOR_BEGIN = "Turn it on"
FACTOR_END = "Turn it off"
FACTOR_SCAN = "Scan this with your authenticator app, or enter the key by hand. Then enter the code that it shows."
FACTOR_KEY = "Key"
FACTOR_SAVE = "Check the code and turn it on"
FACTOR_TURNED_ON = "The second factor is on."
FACTOR_TURNED_OFF = "The second factor is off."
OF_PROVIDER = "You sign in at your service's own provider. Your password and second factor are kept there."
OF_REPLAY = "This is a person of a replay on this computer, without a password."


def locked(minutes: int) -> str:
    return LOCKED.format(minutes=minutes)
