// A clinic's own web server on an origin of its own, for tests: pages that embed the check.
// Prints its port; ends with its standard input.
import http from 'node:http'

const pages = {
  '/element': server => `<script type="module" src="${server}/assets/precall-check.js"></script>
    <h1>Clinic</h1><precall-check policy="/policy" locale="es-MX"></precall-check>`,
  '/frame': server => `<script type="module">
    import {embedCheck} from '${server}/assets/precall-embed.js'
    window.heard = []
    window.check = embedCheck(document.body, {onMessage: message => window.heard.push(message)})</script>`,
  '/bare': server => `<script>
    window.heard = []
    addEventListener('message', ({data}) => heard.push(data))</script>
    <iframe title="Test" src="${server}/embed?lang=en" style="width: 600px; height: 600px"></iframe>
    <script>document.querySelector('iframe').src += '&parent=' + location.origin</script>`,
}

const policy = {format_version: 1, name: 'Clinic', fallback: '555 0100'}

const server = http.createServer((request, response) => {
  const address = new URL(request.url, 'http://clinic')
  if (address.pathname === '/policy') return response.end(JSON.stringify(policy))
  const page = pages[address.pathname]
  response.writeHead(page ? 200 : 404, {'Content-Type': 'text/html; charset=utf-8'})
  response.end(page ? `<!doctype html><meta charset="utf-8"><title>Clinic</title>${page(address.searchParams.get('server'))}` : '')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
