// Looks: small pictures go into the engine, numbers come out; nothing is kept.
import {bounded, pause} from './bounded.js'
import {hasFrameCallbacks} from './browser.js'

const watchFor = 3000
const longestStart = 4000
const width = 128
const height = 96

/** The measurement of one camera, shown in `video` meanwhile. */
export async function measureCamera(track, video, engine, deadline, signal) {
  if (!hasFrameCallbacks) return {not_measured: 'failed'}
  const settings = track.getSettings?.() ?? {}
  let hasEnded = false
  track.addEventListener('ended', () => { hasEnded = true }, {once: true})
  const watch = watchFrames(video, engine)
  try {
    video.srcObject = new MediaStream([track])
    await bounded(video.play(), deadline.within(longestStart), signal).catch(error => {
      if (signal.aborted) throw error
    })
    await bounded(watch.first, deadline.within(longestStart), signal).catch(error => {
      if (signal.aborted) throw error
    })
    if (watch.count > 0) await pause(deadline.within(watchFor), signal)
  } finally {
    watch.stop()
  }
  const measurement = {...engine.endFrames(), ...facts(settings, video)}
  if (hasEnded) measurement.failure = 'unplugged'
  else if (watch.count === 0) measurement.failure = 'no-frames'
  return measurement
}

function facts(settings, video) {
  const size = {width: settings.width ?? video.videoWidth, height: settings.height ?? video.videoHeight}
  if (!size.width || !size.height) return {}
  const rate = settings.frameRate ? {promised_mhz: Math.round(settings.frameRate * 1000)} : {}
  return {picture: {...size, ...rate, format: 'RGBA', driver: 'browser'}}
}

/** Hands every frame that the browser shows to the engine. */
function watchFrames(video, engine) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', {willReadFrequently: true, alpha: false})
  const start = performance.now()
  const watch = {count: 0, isOver: false}
  engine.beginFrames()
  watch.first = new Promise(resolve => {
    const look = now => {
      if (watch.isOver) return
      context.drawImage(video, 0, 0, width, height)
      engine.takeFrame(context.getImageData(0, 0, width, height), Math.max(0, now - start))
      watch.count += 1
      resolve()
      video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
  })
  watch.stop = () => {
    watch.isOver = true
    context.clearRect(0, 0, width, height)
  }
  return watch
}

