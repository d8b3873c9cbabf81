// Nothing in a check waits for ever: every wait has a deadline and ends when the check is cancelled.

export class TimeUp extends Error {
  constructor() {
    super('the time was up')
    this.name = 'TimeUp'
  }
}

/** `promise`, or TimeUp after so many milliseconds, or the signal's reason where it aborts before. */
export function bounded(promise, milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => finish(reject, signal.reason)
    const timer = setTimeout(() => finish(reject, new TimeUp()), Math.max(0, milliseconds))
    const finish = (settle, value) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      settle(value)
    }
    signal?.addEventListener('abort', stop)
    // Also where it is too late: a refusal that nobody takes would be an error of the page.
    promise.then(value => finish(resolve, value), error => finish(reject, error))
    if (signal?.aborted) stop()
  })
}

export function pause(milliseconds, signal) {
  return bounded(new Promise(resolve => setTimeout(resolve, milliseconds)), milliseconds + 1000, signal)
}

/** A moment up to which a whole check may last. */
export class Deadline {
  constructor(milliseconds) {
    this.end = performance.now() + milliseconds
  }
  get left() {
    return Math.max(0, this.end - performance.now())
  }
  /** So many milliseconds, or what is left where that is less. */
  within(milliseconds) {
    return Math.min(milliseconds, this.left)
  }
}

/** A signal that aborts with `signal` or after so many milliseconds. */
export function limited(signal, milliseconds) {
  const controller = new AbortController()
  const stop = () => end(signal.reason)
  const timer = setTimeout(() => end(new TimeUp()), Math.max(0, milliseconds))
  const end = reason => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    controller.abort(reason)
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop)
  return {signal: controller.signal, abort: end, done: () => end(undefined)}
}

export const microseconds = milliseconds => Math.max(0, Math.round(milliseconds * 1000))
