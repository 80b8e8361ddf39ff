// A real OpenID provider (npm's oidc-provider) for tests: `node provider.mjs FOLDER_WITH_NODE_MODULES`.
// The first line of its standard input is JSON: {port, grapevine, groupsInIdToken, secret}. Prints one line of JSON
// when it is ready, and ends when its standard input closes: so it never outlives the tests, however they end.
// People, their groups and whether they are known change at /test/people.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const lines = createInterface({ input: process.stdin })
lines.on('close', () => process.exit(0))
const { value: first } = await lines[Symbol.asyncIterator]().next()
const { port, grapevine, groupsInIdToken, secret } = JSON.parse(first)

const resolve = createRequire(join(process.argv[2], 'package.json')).resolve
const { Provider } = await import(pathToFileURL(resolve('oidc-provider')))

const issuer = `http://127.0.0.1:${port}`
const people = new Map()

const account = (sub) => people.has(sub) && {
  accountId: sub,
  claims: () => ({ sub, name: people.get(sub).name, groups: people.get(sub).groups }),
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'grapevine',
    ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: 'none' }),
    redirect_uris: [`${grapevine}/sign-in/provider/back`],
    post_logout_redirect_uris: [`${grapevine}/sign-in`],
    backchannel_logout_uri: `${grapevine}/sign-out/provider`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }],
  claims: { openid: ['sub', 'groups'], profile: ['name'] },
  // Else claims of scopes are told at userinfo only.
  conformIdTokenClaims: !groupsInIdToken,
  cookies: { keys: ['a key of a test'] },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  // Its own dispatcher calls no address of this computer, where Grapevine is.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount: (_, sub) => account(sub) || undefined,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  // As where an administrator has agreed for everybody.
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc
    const known = session.grantIdFor(client.clientId)
    const grant = known
      ? await ctx.oidc.provider.Grant.find(known)
      : new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid profile')
    await grant.save()
    return grant
  },
  ttl: { AccessToken: 3600, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 3600 },
})

const page = (title, body) =>
  `<!DOCTYPE html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`

// Without a password: whom to be is chosen.
async function interact(request, response) {
  const { uid } = await provider.interactionDetails(request, response)
  const chosen = new URL(request.url, issuer).searchParams.get('person')
  if (people.has(chosen)) {
    return provider.interactionFinished(request, response, { login: { accountId: chosen } })
  }
  const links = [...people].map(([sub, one]) => `<li><a href="/interaction/${uid}?person=${sub}">${one.name}</a></li>`)
  response.setHeader('Content-Type', 'text/html')
  response.end(page('A test’s provider', `<ul>${links.join('')}</ul>`))
}

function changePeople(request, response) {
  let body = ''
  request.on('data', (piece) => { body += piece })
  request.on('end', () => {
    for (const [sub, one] of Object.entries(JSON.parse(body))) one ? people.set(sub, one) : people.delete(sub)
    response.end()
  })
}

const answer = provider.callback()
createServer((request, response) => {
  if (request.url === '/test/people') return changePeople(request, response)
  if (request.url.startsWith('/interaction/')) {
    return interact(request, response).catch((error) => { response.statusCode = 400; response.end(String(error)) })
  }
  return answer(request, response)
}).listen(port, '127.0.0.1', () => console.log(JSON.stringify({ issuer })))
