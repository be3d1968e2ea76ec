/** Runs test files of the core in Chromium. */
import { serveFolder } from '../../../src/lab/page/static-server.ts'
import { browser } from '../browser.ts'
import { builtCore } from './build.ts'
import type { Ran, Told } from './worker.ts'

/** Calls `body` with a function that runs one test file in a worker of its own. */
export async function inBrowser(
  body: (run: (file: string, skipped: readonly string[]) => Promise<readonly Ran[]>) => Promise<void>,
): Promise<void> {
  const server = await serveFolder(await builtCore())
  const context = await (await browser()).newContext()
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    await body(async (file, skipped) => {
      const told = await page.evaluate(toldByWorker, { file, skipped })
      if ('ran' in told) return told.ran
      throw new Error(`${file}: ${'broken' in told ? told.broken : 'did not begin'}`)
    })
  } finally {
    await context.close()
    server.close()
  }
}

/** Runs in the page. Its worker's name is the number of its thread. */
function toldByWorker(work: { readonly file: string; readonly skipped: readonly string[] }): Promise<Told> {
  const worker = new Worker('./worker.js', { type: 'module', name: '1' })
  return new Promise<Told>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve({ broken: message }))
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if ('ready' in data) worker.postMessage(work)
      else resolve(data)
    })
  }).finally(() => worker.terminate())
}
