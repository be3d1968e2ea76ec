/** Compares the speed of the explorer in Chromium with that in Node. Both take turns, in the same minutes on the same machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { median } from 'simple-statistics'
import { build, mergeConfig } from 'vite'
import page from '../../page/vite.config.ts'
import { serveFolder } from '../../src/lab/page/static-server.ts'
import { bundle } from '../../src/stress/worker-file.ts'
import { whole } from '../../src/terminal/figures.ts'
import { machineLine, thisMachine } from '../../src/terminal/machine.ts'
import { textTable } from '../../src/terminal/text-table.ts'

const REPETITIONS = Number(process.argv[2] ?? 9)
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'racelab-page-speed-'))
const rolldownOptions = { input: { worker: here('worker.ts') }, output: { entryFileNames: '[name].js' } }
await build(mergeConfig(page, { configFile: false, logLevel: 'error', build: { outDir: folder, rolldownOptions } }))
writeFileSync(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:," />')

const node = (await import(await bundle(here('explorations.ts')))) as typeof import('./explorations.ts')
const server = await serveFolder(folder)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const opened = await browser.newPage()
  await opened.goto(server.url)
  console.log(`${machineLine(thisMachine())}, Chromium ${browser.version()}\n`)
  const rows: string[][] = []
  for (const name of Object.keys(node.EXPLORATIONS)) rows.push(await rowOf(opened, name))
  const columns = ['Node', 'Chromium', 'of Node’s'].map((column) => ({ name: column, right: true }))
  console.log(textTable([{ name: 'schedules a second, medians' }, ...columns], rows))
} finally {
  await browser.close()
  server.close()
  rmSync(folder, { recursive: true })
}

async function rowOf(opened: Page, name: string): Promise<string[]> {
  const pairs: { readonly inNode: number; readonly inChromium: number }[] = []
  for (let repetition = 0; repetition < REPETITIONS; repetition++)
    pairs.push({ inNode: node.schedulesPerSecond(name), inChromium: await opened.evaluate(speedInWorker, name) })
  const [inNode, inChromium] = [pairs.map((pair) => pair.inNode), pairs.map((pair) => pair.inChromium)]
  const share = median(pairs.map((pair) => pair.inChromium / pair.inNode))
  return [name, whole(median(inNode)), whole(median(inChromium)), `${(100 * share).toFixed(0)} %`]
}

/** Runs in the page. */
function speedInWorker(name: string): Promise<number> {
  const worker = new Worker('./worker.js', { type: 'module', name: '1' })
  return new Promise<number>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<number | 'ready'>) => {
      if (data === 'ready') worker.postMessage(name)
      else resolve(data)
    })
  }).finally(() => worker.terminate())
}
