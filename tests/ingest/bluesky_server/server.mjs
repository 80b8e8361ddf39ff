// A real Bluesky PDS with its own identity directory, for tests: `node server.mjs FOLDER_WITH_NODE_MODULES`.
// Prints one line of JSON when it is ready, and ends, leaving nothing behind, when its standard input closes: so it
// never outlives the tests, however they end.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const data = mkdtempSync(join(tmpdir(), 'bluesky-server-'))
process.env.TMPDIR = data
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))

const resolve = createRequire(join(process.argv[2], 'package.json')).resolve
const { TestNetworkNoAppView } = await import(pathToFileURL(resolve('@atproto/dev-env')))
const adminPassword = randomBytes(16).toString('hex')
const { pds } = await TestNetworkNoAppView.create({ pds: { adminPassword } })
console.log(JSON.stringify({ url: pds.url, adminPassword }))
