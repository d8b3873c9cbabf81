// The server's own judgement of what the page measured, by the same engine.
import {bounded} from './bounded.js'

const longest = 10_000

/** The server's report as text: by its own policy, and the one that counts for the helpdesk. */
export async function judgedByServer(server, measurements) {
  const answer = await bounded(fetch(`${server}/v1/reports`, {
    method: 'POST', credentials: 'omit', headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(measurements),
  }), longest)
  if (!answer.ok) throw new Error(`the server did not judge the measurements (${answer.status})`)
  return bounded(answer.text(), longest)
}
