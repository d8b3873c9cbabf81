// What this browser is and can do: by its features first, its name only to give the right steps.

const agent = navigator.userAgent

const inAppMarks = [
  /FBAN|FBAV|FB_IAB/, /Instagram/, /\bLine\//, /MicroMessenger/, /Snapchat/, /LinkedInApp/, /Pinterest/,
  /TikTok|musical_ly|BytedanceWebview/, /\bTwitter/, /\bGSA\//, /WhatsApp/, /; wv\)/,
]

/** `ios`, `android`, `macos`, `windows`, `chromeos` or `linux`. */
export function system() {
  if (/iPhone|iPod|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return 'ios'
  if (/Android/.test(agent)) return 'android'
  if (/CrOS/.test(agent)) return 'chromeos'
  if (/Macintosh/.test(agent)) return 'macos'
  if (/Windows/.test(agent)) return 'windows'
  return 'linux'
}

/** `edge`, `samsung`, `firefox`, `chrome`, `safari` or `other`. */
export function browser() {
  if (/Edg(e|A|iOS)?\//.test(agent)) return 'edge'
  if (/SamsungBrowser\//.test(agent)) return 'samsung'
  if (/Firefox\/|FxiOS\//.test(agent)) return 'firefox'
  if (/Chrom(e|ium)\/|CriOS\//.test(agent)) return 'chrome'
  if (/Safari\//.test(agent)) return 'safari'
  return 'other'
}

/** As `Chrome 156, linux`: for the report; nothing that tells one person from another. */
export function description() {
  const version = agent.match(/(?:Edg|SamsungBrowser|Firefox|FxiOS|Chrome|CriOS|Version)\/(\d+)/)?.[1] ?? ''
  return `${browser()} ${version}, ${system()}`
}

/** Whether a page is shown inside a mail or social app, whose browser often lacks the microphone. */
export function isInsideApp() {
  if (inAppMarks.some(mark => mark.test(agent))) return true
  return system() === 'ios' && !/Safari\//.test(agent)
}

/** The steps that show where this browser keeps its permissions: a key of the texts. */
export function permissionSteps() {
  // Such an app has no settings for a page; another browser is the way out.
  if (isInsideApp()) return 'inside-app'
  const here = system()
  if (here === 'ios') return browser() === 'safari' ? 'safari-ios' : 'other-ios'
  if (here === 'android') return browser() === 'firefox' ? 'firefox-android' : 'chrome-android'
  const name = browser()
  return {edge: 'edge', firefox: 'firefox', safari: 'safari-mac'}[name] ?? 'chrome'
}

/** The steps that show where this system keeps its privacy switches. */
export function systemSteps() {
  return {ios: 'ios', android: 'android', macos: 'macos', windows: 'windows'}[system()] ?? 'other'
}

/** Why devices can't be asked for at all: `notSecure`, `unsupported`, or nothing. */
export function obstacle() {
  if (!window.isSecureContext) return 'page-not-secure'
  if (!navigator.mediaDevices?.getUserMedia) return 'browser-unsupported'
  return null
}

/** Too old for a visit: by what it lacks first, then by versions that are known to be bad. */
export function isOutdated() {
  if (!hasCalls || !hasSoundThread) return true
  // Every browser of an iPhone is WebKit: before 15.4 it lacks what the camera's check needs, and 15.1 crashes
  // when it sends a picture (WebKit bugs 231505 and 232416).
  const version = system() === 'ios' ? / OS (\d+)_(\d+)/ : browser() === 'safari' ? /Version\/(\d+)\.(\d+)/ : null
  const [, major, minor] = (version && agent.match(version)) ?? []
  return major !== undefined && Number(major) * 100 + Number(minor) < 15_04
}

export const hasEngine = typeof WebAssembly === 'object' && typeof WebAssembly.compile === 'function'
export const hasSoundThread = typeof AudioWorkletNode === 'function'
export const hasFrameCallbacks = 'requestVideoFrameCallback' in HTMLVideoElement.prototype
export const hasCalls = typeof RTCPeerConnection === 'function'
