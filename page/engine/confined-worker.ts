/**
 * Starts the worker that explores, under a content security policy of its own: its one script and `eval`, and nothing else, not even other
 * files of this page's server. A worker that is made of a text, a blob, has the policy of the document that makes it, so an empty
 * document with that policy makes it. What `import()` would ask a server for is then refused by the browser.
 */
import script from './worker.ts?worker&url'

const address = new URL(script, location.href).href
/** Vite's server for development hands the script out in many files. */
const allowed = escaped(import.meta.env.MODE === 'development' ? location.origin : address)
// What a worker imports at once counts as a worker, what it imports later as a script.
const POLICY = `default-src 'none'; script-src 'unsafe-eval' ${allowed}; worker-src blob: ${allowed}`

/** The empty document, made when it is needed first. */
let maker: Promise<Window & typeof globalThis> | undefined

export async function confinedWorker(): Promise<Worker> {
  const { Worker: WorkerOfMaker } = await (maker ??= makeMaker())
  const text = new Blob([`import ${JSON.stringify(address)}`], { type: 'text/javascript' })
  const made = URL.createObjectURL(text)
  const worker = new WorkerOfMaker(made, { type: 'module', name: '1' })
  // The text has been read once the worker says that it is ready.
  worker.addEventListener('message', () => URL.revokeObjectURL(made), { once: true })
  return worker
}

async function makeMaker(): Promise<Window & typeof globalThis> {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Makes the worker that explores'
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}">`
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  // Not into the body: what is in it is the view library's.
  document.documentElement.append(frame)
  await loaded
  return frame.contentWindow as Window & typeof globalThis
}

/** A policy ends at these, and so does the attribute that it stands in. */
function escaped(source: string): string {
  return source.replace(/[;,"&]/g, encodeURIComponent)
}
