/** Runs test files of the core in Chromium. */
import { serveFolder } from '../../../src/lab/page/static-server.ts'
import { browser } from '../browser.ts'
import { builtCore } from './build.ts'
import type { Ran, Told } from './worker.ts'

/** Runs all files, and returns what came of the tests of each. */
export async function ranInBrowser(): Promise<ReadonlyMap<string, readonly Ran[]>> {
  const server = await serveFolder(await builtCore())
  const context = await (await browser()).newContext()
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    const all = new Map<string, readonly Ran[]>()
    const { files = [] } = (await page.evaluate(toldByWorker, undefined)) as { files?: readonly string[] }
    for (const file of files) all.set(file, ranOf(file, await page.evaluate(toldByWorker, file)))
    return all
  } finally {
    await context.close()
    server.close()
  }
}

/** A file that cannot be run is a test that fails. */
function ranOf(file: string, told: Told): readonly Ran[] {
  if ('ran' in told) return told.ran
  return [{ name: `${file} can be run`, state: 'fail', why: 'broken' in told ? told.broken : 'It does not begin.' }]
}

/** Runs in the page: starts a worker, and returns what it tells of a file, or which files it has. Its name is the number of its thread. */
function toldByWorker(file: string | undefined): Promise<Told> {
  const worker = new Worker('./worker.js', { type: 'module', name: '1' })
  return new Promise<Told>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve({ broken: message }))
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if ('files' in data && file !== undefined) worker.postMessage(file)
      else resolve(data)
    })
  }).finally(() => worker.terminate())
}
