/** The reports: each is one file, whatever its texts are, and can be read without JavaScript. */
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ended, lab, start } from '../lab/cli/lab.ts'
import { hostileReports } from './hostile.ts'
import { describeInBrowser, withPageAt } from '../page/browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-html-'))
const MOST_BYTES = 1_000_000

const HISTORY = [
  ['0', 'invoke', 'write', 1],
  ['1', 'invoke', 'read', null],
  ['0', 'ok', 'write', 1],
  ['1', 'ok', 'read', 1],
  ['1', 'invoke', 'read', null],
  ['1', 'ok', 'read', 0],
].map(([process, type, f, value]) => JSON.stringify({ process, type, f, value }))
const history = join(folder, 'history.jsonl')
writeFileSync(history, HISTORY.join('\n'))

/** Each actor writes 1,000 words and reads each again: no call folds, and no two rows look the same. */
const LONG = `
const actor = (from) => (memory) => {
  for (let i = 0; i < 1000; i++) {
    Atomics.add(memory, (i * from) % 1009, 1)
    Atomics.load(memory, (i * from) % 1009)
  }
}
export default {
  name: 'long',
  memory: () => new Int32Array(new SharedArrayBuffer(4 * 1009)),
  actors: { alice: actor(1), bob: actor(3) },
  observe: (memory) => memory[0],
  outcomes: { never: 'acceptable' },
}
`

/** Writes a report with the command, and returns its file. */
async function written(name: string, ...args: readonly string[]): Promise<{ file: string; text: string }> {
  const file = join(folder, `${name}.html`)
  const { stderr } = await lab(...args, '--html', file)
  expect(stderr).toBe('')
  expect(statSync(file).size).toBeLessThan(MOST_BYTES)
  return { file, text: readFileSync(file, 'utf8') }
}

describe('the command writes', () => {
  test('a run, with each variant, one recorded failure and the lesson', async () => {
    const { text } = await written(
      'run',
      '--bug',
      'lost-update',
      '--workers',
      '2',
      '--gap',
      'sleep:1',
      '--iterations',
      '20',
    )
    for (const variant of ['buggy', 'write-lock', 'mutex', 'atomic-add', 'cas'])
      expect(text).toContain(`<th scope="row">${variant}</th>`)
    expect(text).toContain('✗ fails')
    expect(text).toContain('One failure of buggy, as it was recorded')
    expect(text).toContain('How it goes wrong')
  })

  test('an exploration, with the schedule of the failure', async () => {
    const { text } = await written('explore', 'explore', 'lost-update')
    expect(text).toContain('outcome 1: one increment is lost')
    expect(text).toContain('As declared: what is declared sound holds in every schedule')
    expect(text).toMatch(/>[^<]* replay rl1\.[\w-]+</)
    expect(text).toContain('complete, given the declared races')
    expect(text.match(/class="stepped"/g)).toHaveLength(1)
  })

  test('samples, with the explorer’s schedule', async () => {
    const { text } = await written('stress', 'stress', 'lost-update', '--variant', 'buggy', '--samples', '200')
    expect(text).toContain('200 samples on 2 threads')
  })

  test('a history, with the operation that cannot be placed', async () => {
    const { text } = await written('check', 'check', history, '--model', 'register')
    // Where it fails, and in the whole history.
    expect(text.match(/class="culprit"/g)).toHaveLength(2)
    // One order that explains the first three operations: the write, and the read that saw it.
    expect(text).toContain('<title>1. write(1)</title>')
    expect(text).toContain('<title>2. read() = 1</title>')
    expect(text).toContain('<title>✗ read() = 0</title>')
    expect(text).toContain('read() = 0 of 1 cannot be placed')
  })

  test('a bench, with its tables and its plots', async () => {
    const file = join(folder, 'bench.html')
    const { code } = await ended(start(['cleanup', '--quick', '--workers', '1', '--html', file], 'bench/main.ts'))
    expect(code).toBe(0)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('<h2>cleanup</h2>')
    // A drawing of two plots with three clean-ups each, of eight points; and a mark for each in the legend. None as text.
    expect(text.match(/class="point"/g)).toHaveLength(2 * 3 * (8 + 1))
    expect(text).not.toContain('┤')
  })

  test('what fails as many schedules do, below a megabyte', async () => {
    const scenario = join(folder, 'long.mjs')
    writeFileSync(scenario, LONG)
    const { text } = await written('long', 'explore', scenario, '--strategy', 'random', '--max-schedules', '1')
    // 2,000 accesses of each actor: 149 rows at the start, 149 at the end, and one for what is between them.
    expect(text.match(/<li class="diagram-row/g)).toHaveLength(299)
    expect(text).toContain('3,702 steps of all actors left out')
    expect(text).toContain('more words.')
  })

  test.runIf(existsSync('/dev/full'))('nothing on a full disk, and says so in a line', async () => {
    const { code, stderr } = await lab('check', history, '--model', 'register', '--html', '/dev/full')
    expect(code).toBe(4)
    expect(stderr).toMatch(/^error: [^\n]* cannot be written: ENOSPC[^\n]*\n$/)
  })

  test('nothing where it cannot, and says so in a line', async () => {
    const { code, stderr } = await lab(
      'check',
      history,
      '--model',
      'register',
      '--html',
      join(folder, 'no', 'where.html'),
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: [^\n]* cannot be written: ENOENT[^\n]*\n$/)
  })
})

describe('whatever its texts are, a report', () => {
  test.each(Object.entries(hostileReports()))('on %s has no element from them, and asks for nothing', (_, text) => {
    expect(text).toContain('&lt;/script>&lt;img src=x onerror=alert(1)>')
    expect(text).not.toContain('<img')
    // The script of each schedule and that of the report, and nothing that ends one early.
    expect(text.match(/<\/script>/g)).toHaveLength(1 + (text.match(/class="stepped"/g) ?? []).length)
    const addresses = [...text.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address!)
    expect(addresses.filter((address) => !/^(?:#|data:,$)/.test(address))).toEqual([])
    expect(text).not.toMatch(/url\(|@import/)
  })

  test('is the same text for the same data', () => {
    expect(hostileReports()).toEqual(hostileReports())
  })
})

const memory = (page: Page): Promise<string[]> => page.locator('#explored-1 .memory td').allInnerTexts()

describeInBrowser('a report in a browser', () => {
  test('is whole without JavaScript, and asks for nothing', async () => {
    const file = join(folder, 'hostile.html')
    writeFileSync(file, hostileReports().explore)
    const requests: string[] = []
    const read = async (page: Page): Promise<void> => {
      page.on('request', (request) => requests.push(request.url()))
      await page.reload()
      // alice's load, bob's call, alice's store.
      const rows = page.locator('#explored-1 .diagram-row')
      expect(await rows.count()).toBe(3)
      expect(await rows.last().innerText()).toContain('1 → 1')
      expect(await page.locator('img').count()).toBe(0)
      expect(await page.locator('.controls').first().isVisible()).toBe(false)
      expect(await memory(page)).toEqual(['1 ← changed'])
    }
    await withPageAt(pathToFileURL(file).href, read, { also: { javaScriptEnabled: false } })
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href])
  })

  test('steps by keyboard through the schedule, and shows the memory of each step', async () => {
    const file = join(folder, 'stepped.html')
    writeFileSync(file, hostileReports().explore)
    await withPageAt(pathToFileURL(file).href, async (page) => {
      const said = page.locator('#explored-1 output')
      expect(await said.innerText()).toBe('step 4 of 4')
      await page.locator('#explored-1 .diagram').focus()
      await page.keyboard.press('ArrowUp')
      expect(await said.innerText()).toBe('step 3 of 4')
      expect(await memory(page)).toEqual(['1 ← changed'])
      await page.keyboard.press('ArrowUp')
      expect(await said.innerText()).toBe('step 1 of 4')
      expect(await memory(page)).toEqual(['0'])
      await page.keyboard.press('ArrowDown')
      expect(await memory(page)).toEqual(['1 ← changed'])
      await page.getByRole('button', { name: 'first' }).first().click()
      expect(await page.locator('#explored-1 .diagram-row.ahead').count()).toBe(3)
      // The other schedule of the report stands where it stood.
      expect(await page.locator('#explored-2 .diagram-row.ahead').count()).toBe(0)
    })
  })

  const sizes = Object.entries(hostileReports()).flatMap(([name, text]) =>
    [1280, 390].map((width) => [name, width, text] as const),
  )
  test.each(sizes)('on %s passes axe at %i pixels, in light and dark', async (name, width, text) => {
    const file = join(folder, `axe-${name}.html`)
    writeFileSync(file, text)
    for (const dark of [false, true]) {
      const check = async (page: Page): Promise<void> => {
        await page.evaluate(axe.source)
        const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      }
      await withPageAt(pathToFileURL(file).href, check, { width, dark })
    }
  })
})
