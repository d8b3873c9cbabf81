// A clinic's own policy, asked for before it is needed.
import {bounded} from './bounded.js'

let asked

/** The policy at `address`; asked for again where it did not come or another one is meant. */
export async function policyAt(address) {
  const absolute = new URL(address, location.href).href
  if (asked?.absolute === absolute) return asked.answer
  const mine = {absolute, answer: fetched(absolute)}
  mine.answer.catch(() => { if (asked === mine) asked = null })
  asked = mine
  return mine.answer
}

async function fetched(address) {
  const answer = await bounded(fetch(address), 5000)
  if (answer.status === 204) return undefined // the server has none but the standard one
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return bounded(answer.json(), 5000)
}
