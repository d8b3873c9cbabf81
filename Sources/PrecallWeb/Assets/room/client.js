// The client's page: say a name, test, be ready, wait, be let in.
import {bounded} from '../check/bounded.js'
import {Chat} from './chat.js'
import {Connection, Refused, tokenOfPage} from './connection.js'
import {alertOf, announce, chime, find, lineTeller, loadWords, make, offerSound, showStep, time} from './page.js'

const say = await loadWords()
const tellOfLine = lineTeller(say)
let room = null
let isAgain = false // whether the test was asked for again, from the waiting step
let lastCheck = null
let isCheckMissing = false
let failures = 0 // of loading the test
let heldStage = null

const connection = new Connection(tokenOfPage(), {handle, line: lineChanged, gone})
const chat = new Chat(say, connection, message => message.client === room.you.number)

function handle(name, data) {
  switch (name) {
    case 'state':
      room = data
      chat.replace(data.messages)
      showConsent()
      break
    case 'you': room.you = data; break
    case 'provider': room.provider_here = data.here; break
    case 'message': chat.add(data); return
    case 'elsewhere':
      connection.close()
      // In the other window the test may be made again.
      told = changes
      lastCheck = null
      leave('step-elsewhere')
      return
    case 'ended': connection.close(); gone(`link-${data}`); return
    default: return
  }
  show()
}

/** The link has ended while the page was open. */
function gone(code) {
  // A link that was known is whole: the server has begun anew, and forgotten it.
  const kind = {'link-expired': 'expired', 'link-revoked': 'revoked'}[code] ?? (room ? 'lost' : 'unknown')
  find('ended-title').textContent = say(`link-${kind}-title`)
  find('ended-what').textContent = say(`link-${kind}-what`)
  find('ended-do').textContent = say(`link-${kind}-do`)
  leave('step-ended')
}

function leave(step) {
  chat.show(false)
  stopCheck()
  showStep(step)
}

function lineChanged(isUp) {
  tellOfLine(isUp)
  if (isUp) tryAgain()
}

/** What could not be told or loaded: when the line is back, and now and then. */
function tryAgain() {
  tell()
  if (isCheckMissing) loadCheck()
}

function show() {
  // An answer may come after the end.
  if (!connection.running) return
  const {you} = room
  for (const place of document.querySelectorAll('[data-provider]')) place.textContent = room.provider
  find('when').textContent = say('visit-when', {
    when: time(room.starts_at, {weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit'}),
  })
  chat.show(['waiting', 'admitted'].includes(you.stage))
  if (you.stage !== 'waiting') isAgain = false
  if (you.stage === 'empty') showStep('step-arrive')
  if (you.stage === 'waiting') you.ready && !isAgain ? showWaiting() : showCheck()
  if (you.stage === 'admitted') showAdmitted()
  if (you.stage === 'joined') { stopCheck(); showStep('step-joined') }
  if (you.stage === 'declined') { stopCheck(); showStep('step-declined') }
  heldStage = you.stage
}

// MARK: Name

find('name-form').addEventListener('submit', event => {
  event.preventDefault()
  const name = find('name').value.trim()
  const problem = find('name-problem')
  problem.textContent = name ? '' : say('name-missing')
  find('name').setAttribute('aria-invalid', String(!name))
  if (!name) return find('name').focus()
  attempt(async () => {
    await connection.act({do: 'name', name})
    // Now the chat is open to this page; what was said before comes with the state.
    await connection.catchUp()
  })
})

// MARK: What a person does

/** A press does `body`, and no second time while the first is on its way. */
function onPress(id, body) {
  let isBusy = false
  find(id).addEventListener('click', async () => {
    if (isBusy) return
    isBusy = true
    await attempt(body)
    isBusy = false
  })
}

function attempt(body) {
  showProblem('')
  return settle(body)
}

/** Does something, and says what went wrong; gives whether it is done with: not where the line failed. */
async function settle(body, failed = say('action-failed')) {
  try {
    await body()
    showProblem('')
  } catch (error) {
    if (!error.isFinal) {
      showProblem(failed)
      return false
    }
    if ([404, 410].includes(error.status)) gone(error.code)
    else if (error.code === 'wrong-stage') connection.catchUp().catch(() => {})
    else showProblem(say('action-refused'))
  }
  return true
}

/** In the step where the person is, and in no other any more. */
function showProblem(words) {
  for (const place of document.querySelectorAll('[data-step] .problem[id]')) {
    const its = place.closest('[data-step]').hidden ? '' : words
    if (place.textContent !== its) place.textContent = its
  }
}

// MARK: Test

async function showCheck() {
  showStep('step-check')
  if (find('check')) return
  // The test moves what is below it when it comes, and a press would miss; but nobody waits long for it.
  await bounded(loadCheck(), 5000).catch(() => {})
  find('check-below').hidden = false
}

/** Puts the test in its place. A browser may remember that an address failed, so each try has another. */
async function loadCheck() {
  const check = newCheck()
  isCheckMissing = false
  find('check-place').replaceChildren(check)
  try {
    const script = `/assets/precall-check.js${failures ? `?again=${failures}` : ''}`
    if (!customElements.get('precall-check')) await bounded(import(script), 20_000)
    await check.ready
    find('check-missing').hidden = true
  } catch {
    failures += 1
    if (!check.isConnected) return
    isCheckMissing = true
    find('check-missing').hidden = false
  }
}

function newCheck() {
  const check = make('precall-check', {id: 'check'})
  check.setAttribute('locale', document.documentElement.lang)
  check.setAttribute('policy', '/v1/policy')
  check.append(make('p', {slot: 'help', className: 'quiet'}, say('check-optional')))
  check.addEventListener('precall-complete', event => {
    lastCheck = event.detail
    find('consent').hidden = false
    tellAnew()
  })
  return check
}

function stopCheck() {
  isCheckMissing = false
  find('check')?.cancel?.()
  find('check-place').replaceChildren()
}

// MARK: Consent

let changes = 0 // of the test's result and of what is ticked
let told = 0 // how many of these the server knows of
let telling = null

function tellAnew() {
  changes += 1
  return tell()
}

/**
 * Tells the server what it does not know: one request after the other, each with what is ticked when it is
 * sent, so that a quick yes and no can't overtake each other. What the line swallows, `tryAgain` tells.
 */
function tell() {
  telling ??= tellAll().finally(() => { telling = null })
  return telling
}

const isUntold = () => told < changes

async function tellAll() {
  while (isUntold()) {
    const current = changes
    if (!await settle(tellCheck, say('check-untold'))) return
    told = Math.max(told, current)
  }
}

/**
 * The server judges the same measurements again; of a test before a reload it has the details and can forget
 * them. A no comes first and by itself: it holds also for who has been let in meanwhile, a result does not.
 */
async function tellCheck() {
  const share = find('share').checked
  if (!share) await connection.act({do: 'withhold'})
  const measurements = lastCheck?.measurements
  if (measurements) await connection.act({do: 'check', measurements, share})
}

/** What the server knows of a yes, as after a reload; not over what is being told to it. */
function showConsent() {
  if (isUntold()) return
  find('share').checked = room.you.shares_details
  find('consent').hidden = !room.you.shares_details && !lastCheck
}

find('share').addEventListener('change', tellAnew)

onPress('ready', async () => {
  isAgain = false
  // The test's result goes ahead, where it can be told soon.
  await bounded(tell(), 3000).catch(() => {})
  await connection.act({do: 'ready', ready: true})
  tookEffect('step-check', true)
})

onPress('again', async () => {
  await connection.act({do: 'ready', ready: false})
  tookEffect('step-wait', false)
})

/** The event that tells of it may have come before, and the person may have gone on from `step`. */
function tookEffect(step, isReady) {
  if (find(step).hidden) return
  isAgain = !isReady
  room.you.ready = isReady
  show()
}

// MARK: Waiting

function showWaiting() {
  stopCheck()
  const {you} = room
  const key = you.known ? room.provider_here ? 'wait-known' : 'wait-known-away' : 'wait-telling'
  const words = say(key, {provider: room.provider})
  if (find('wait-known').textContent !== words) {
    find('wait-known').textContent = words
    announce(words)
  }
  find('wait-sign').textContent = you.known ? '✓' : '…'
  find('wait-sign').className = you.known ? 'sign good' : 'sign quiet'
  find('wait-since').textContent = say('wait-since', {name: you.name, time: time(you.since)})
  const isOnItsWay = !you.verdict && isUntold()
  find('wait-verdict').textContent = isOnItsWay ? '' : say(`own-verdict-${you.verdict ?? 'none'}`)
  showStep('step-wait')
}

// MARK: Admitted

function showAdmitted() {
  stopCheck()
  showStep('step-admitted', say('admitted-title-bar'))
  if (heldStage === 'admitted') return
  // After a reload it is known already, and need not startle.
  if (heldStage) {
    alertOf(say('admitted-alert'))
    chime()
  }
  findDoor()
}

/** Asks where the visit is; without an answer the person can ask again. */
async function findDoor() {
  const places = ['admitted-wait', 'admitted-stay', 'admitted-go', 'admitted-failed']
  const showPlace = place => { for (const one of places) find(one).hidden = one !== place }
  showPlace('admitted-wait')
  try {
    const {url} = await connection.insist('/admission', {method: 'POST'})
    if (url) find('admitted-link').href = url
    showPlace(url ? 'admitted-go' : 'admitted-stay')
  } catch (error) {
    showPlace('admitted-failed')
    if (error instanceof Refused && error.code === 'wrong-stage') connection.catchUp().catch(() => {})
  }
}

find('admitted-again').addEventListener('click', findDoor)

onPress('back', () => connection.act({do: 'come-back'}))

find('here').addEventListener('click', () => { connection.last = null; connection.open() })

offerSound()
setInterval(tryAgain, 10_000)
connection.open()
