// The server's own judgement of what the page measured, by the same engine.
import {bounded} from './bounded.js'

const longest = 10_000

/** The server's report as text, by its own policy. */
export async function judgedByServer(server, measurements, deadline) {
  const answer = await post(`${server}/v1/reports`, measurements, deadline.left)
  if (!answer.ok) throw new Error(`the server did not judge the measurements (${answer.status})`)
  return bounded(answer.text(), deadline.left)
}

/** Leaves the report with the server; gives the code for the helpdesk, or nothing where it takes none. */
export async function sentToHelpdesk(server, measurements) {
  const answer = await post(`${server}/v1/helpdesk/reports`, measurements, longest)
  if (answer.status === 403) return null
  if (!answer.ok) throw new Error(`the server did not take the report (${answer.status})`)
  return (await bounded(answer.json(), longest)).code
}

function post(address, measurements, milliseconds) {
  return bounded(fetch(address, {
    method: 'POST', credentials: 'omit', headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(measurements),
  }), milliseconds)
}
