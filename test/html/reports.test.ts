/** The reports: each is one file, whatever its texts are, and can be read without JavaScript. */
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { exploredHtml } from '../../src/lab/html/index.tsx'
import { explore, replay } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { lab } from '../lab/cli/lab.ts'
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
    expect(text).toContain('outcome: one increment is lost')
    expect(text).toContain('complete, given the declared races')
    expect(text.match(/class="stepped"/g)).toHaveLength(1)
  })

  test('samples, with the explorer’s schedule', async () => {
    const { text } = await written('stress', 'stress', 'lost-update', '--variant', 'buggy', '--samples', '200')
    expect(text).toContain('200 samples on 2 threads')
  })

  test('a history, with the operation that cannot be placed', async () => {
    const { text } = await written('check', 'check', history, '--model', 'register')
    expect(text.match(/class="culprit"/g)).toHaveLength(1)
    expect(text).toContain('read() = 0 of 1 cannot be placed')
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

const HOSTILE = '</script><img src=x onerror=alert(1)>'

/** Every text that a scenario can give has the same hostile content. */
function hostile(): string {
  const scenario = {
    name: HOSTILE,
    memory: () => new Int32Array(new SharedArrayBuffer(4)),
    actors: {
      [HOSTILE]: (memory: Int32Array) => void Atomics.store(memory, 0, Atomics.load(memory, 0) + 1),
      bob: (memory: Int32Array) => void Atomics.store(memory, 0, Atomics.load(memory, 0) + 1),
    },
    names: (memory: Int32Array) => ({ [HOSTILE]: [memory, 0] }),
    observe: (memory: Int32Array) => `${HOSTILE}${memory[0]}`,
    outcomes: { [`${HOSTILE}2`]: 'acceptable', [`${HOSTILE}1`]: ['forbidden', HOSTILE] },
  } as unknown as Scenario
  const exploration = explore(scenario)
  const failures = exploration.failures.map((failure) => {
    const replayed = replay(scenario, failure.token)
    if (replayed.kind !== 'replayed') throw new Error(replayed.divergence.message)
    return { failure, recording: replayed.recording }
  })
  return exploredHtml({ title: HOSTILE, about: [HOSTILE] }, { explored: [{ exploration, failures }] })
}

test('no text of a scenario becomes an element', () => {
  const text = hostile()
  expect(text).not.toContain('<img')
  // The scripts of the schedule and of the report, and nothing that ends them early.
  expect(text.match(/<\/script>/g)).toHaveLength(2)
})

const memory = (page: Page): Promise<string[]> => page.locator('.memory td').allInnerTexts()

describeInBrowser('a report in a browser', () => {
  test('is whole without JavaScript, and asks for nothing', async () => {
    const file = join(folder, 'hostile.html')
    writeFileSync(file, hostile())
    const requests: string[] = []
    const read = async (page: Page): Promise<void> => {
      page.on('request', (request) => requests.push(request.url()))
      await page.reload()
      expect(await page.locator('.diagram-row').count()).toBe(4)
      expect(await page.locator('img').count()).toBe(0)
      expect(await page.locator('.controls').isVisible()).toBe(false)
      expect(await memory(page)).toEqual(['1 ← changed'])
    }
    await withPageAt(pathToFileURL(file).href, read, { also: { javaScriptEnabled: false } })
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href])
  })

  test('steps by keyboard through the schedule, and shows the memory of each step', async () => {
    const file = join(folder, 'stepped.html')
    writeFileSync(file, hostile())
    await withPageAt(pathToFileURL(file).href, async (page) => {
      const said = page.locator('.controls output')
      expect(await said.innerText()).toBe('step 4 of 4')
      await page.locator('.diagram').focus()
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowUp')
      expect(await said.innerText()).toBe('step 2 of 4')
      expect(await memory(page)).toEqual(['0'])
      await page.keyboard.press('ArrowDown')
      expect(await memory(page)).toEqual(['1 ← changed'])
      await page.getByRole('button', { name: 'first' }).click()
      expect(await page.locator('.diagram-row.ahead').count()).toBe(4)
    })
  })

  test.each([1280, 390])('passes axe at %i pixels, in light and dark', async (width) => {
    const file = join(folder, 'axe.html')
    writeFileSync(file, hostile())
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
