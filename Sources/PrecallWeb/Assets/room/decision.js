// What the provider decides of one who waits or of all, and the question before what can't be taken back.
import {Refused} from './connection.js'
import {make} from './page.js'

/** Does `action`; what went wrong is said in `problem`. */
export async function decide(connection, action, problem, say) {
  problem.textContent = ''
  try {
    await connection.act(action)
  } catch (error) {
    if (error instanceof Refused && error.code === 'wrong-stage') await connection.catchUp()
    else problem.textContent = say('action-failed')
  }
}

/**
 * Asks in `place`; `press` is the answer yes, and after a no the focus goes back to `asker`. The question gets
 * the focus, not an answer to it: Enter pressed twice, or held, is no yes.
 */
export function ask(place, words, answer, press, asker, say) {
  const yes = make('button', {type: 'button'}, answer)
  const no = make('button', {type: 'button'}, say('cancel'))
  yes.addEventListener('click', press)
  no.addEventListener('click', () => {
    place.replaceChildren()
    asker.focus()
  })
  const question = make('p', {tabIndex: -1}, words)
  place.replaceChildren(make('div', {className: 'box'}, question, make('div', {className: 'row'}, yes, no)))
  question.focus()
}
