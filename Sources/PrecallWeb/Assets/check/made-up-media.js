// A made-up sound and picture for the test call: nothing of the person goes to the relay.

const size = {width: 640, height: 360}
const pictures = 20

/** `{stream, stop}`; sound only where the browser lets a context run. */
export function madeUpMedia(context) {
  const stop = []
  const canvas = document.createElement('canvas')
  Object.assign(canvas, size)
  const drawing = canvas.getContext('2d', {alpha: false})
  let count = 0
  const draw = () => drawPicture(drawing, count++)
  draw()
  const timer = setInterval(draw, 1000 / pictures)
  // At every drawing: with a rate of its own it would leave out those that come a moment early.
  const stream = canvas.captureStream()
  stop.push(() => clearInterval(timer))
  if (context?.state === 'running') {
    const tone = new OscillatorNode(context, {frequency: 220})
    const voice = new GainNode(context, {gain: 0.1})
    const out = new MediaStreamAudioDestinationNode(context)
    tone.connect(voice).connect(out)
    tone.start()
    for (const track of out.stream.getAudioTracks()) stream.addTrack(track)
    stop.push(() => { tone.stop(); voice.disconnect() })
  }
  stop.push(() => stream.getTracks().forEach(track => track.stop()))
  return {stream, stop: () => stop.forEach(end => end())}
}

/**
 * So much change from picture to picture that the encoder uses up what it is allowed, and so little that it need not
 * leave out pictures where it has 300 kbit/s, as with a face.
 */
function drawPicture(drawing, count) {
  drawing.fillStyle = `hsl(${count * 3 % 360} 40% 40%)`
  drawing.fillRect(0, 0, size.width, size.height)
  for (let index = 0; index < 48; index++) {
    const turn = (index * 7919 + count * 104_729) % 1_000_003
    drawing.fillStyle = `hsl(${turn % 360} 60% ${20 + turn % 60}%)`
    drawing.fillRect(turn * 31 % size.width, turn * 17 % size.height, 24, 18)
  }
}
