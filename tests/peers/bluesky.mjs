// A whole Bluesky on this machine: accounts (PDS), the public view of them (AppView), who is who (PLC) and moderation.
// Run by tests/peers/bluesky.py: the folder where the network is installed, and five ports. Says READY when it answers.
import { pathToFileURL } from 'node:url'

const [folder, ...told] = process.argv.slice(2)
const { TestNetwork, mockMailer } = await import(
  pathToFileURL(`${folder}/node_modules/@atproto/dev-env/dist/index.js`).href
)
const [pds, view, plc, ozone, introspect] = told.map(Number)
const network = await TestNetwork.create({
  pds: { port: pds, hostname: 'localhost', inviteRequired: false, enableDidDocWithSession: true, rateLimitsEnabled: true },
  bsky: { port: view, publicUrl: `http://localhost:${view}`, dbPostgresSchema: 'bsky' },
  plc: { port: plc },
  ozone: { port: ozone },
  introspect: { port: introspect },
})
mockMailer(network.pds)
process.on('SIGTERM', async () => {
  await network.close()
  process.exit(0)
})
console.log('READY')
