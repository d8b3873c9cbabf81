// Stands between a browser and the server at a port, for tests: node watched.mjs PORT FILE. Every request that comes
// is a line of JSON in FILE, with its whole body in base64. Prints its port; ends with its standard input.
import fs from 'node:fs'
import http from 'node:http'

const [port, file] = process.argv.slice(2)
const keep = ({method, url, headers}, body) =>
  fs.appendFileSync(file, JSON.stringify({method, url, headers, body: body.toString('base64')}) + '\n')

const server = http.createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  // Also where it was broken off.
  request.on('close', () => keep(request, Buffer.concat(parts)))
  const onward = http.request(
    {host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers}, answer => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
})
// A WebSocket, which the page has no use for.
server.on('upgrade', (request, socket, head) => {
  keep({...request, method: 'UPGRADE', url: request.url, headers: request.headers}, head)
  socket.destroy()
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
