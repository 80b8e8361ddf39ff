"""The service's own sign-in by OpenID Connect: what the provider is asked, who comes from there, and its pages.

`asking` asks one address; `documents` keeps the provider's addresses and keys; `client` gets tokens and claims, which
`models.sign_in.id_tokens` checks; `people` makes users of them and asks again in the background; `attempts` binds an
answer to the browser that asked; `pages` are the routes.
"""
