/** `lab report`: the whole lab in one file. */
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { threadLessons } from '../../src/lab/lessons/index.ts'
import { lab } from '../lab/cli/lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-report-'))

test('the report has each bug as it ran, and each variant in every schedule', { timeout: 300_000 }, async () => {
  const file = join(folder, 'report.html')
  const { code, stdout } = await lab('report', '--quick', '--workers', '4', '--html', file)
  // A broken variant may get through a quick run on threads; nothing that is declared sound may fail.
  expect([0, 3]).toContain(code)
  expect(stdout).toMatch(/8 bugs run, \d+ variants explored\.\n$/)
  expect(statSync(file).size).toBeLessThan(1_000_000)
  const text = readFileSync(file, 'utf8')
  for (const { title, variants } of threadLessons) {
    expect(text).toContain(`<h2>${title}</h2>`)
    for (const { name } of variants) expect(text).toContain(`<th scope="row">${name}</th>`)
  }
  expect(text).toContain('As declared: what is declared sound holds in every schedule')
  expect(text).not.toContain('cannot be explored')
  // Each link of the contents and of the verdicts leads to a section.
  const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor!)
  expect(anchors.length).toBeGreaterThan(8)
  for (const anchor of anchors) expect(text).toContain(`id="${anchor}"`)
})

test('if the time is up, the exit code says that the report has not all', async () => {
  const file = join(folder, 'stopped.html')
  const { code, stderr } = await lab('report', '--workers', '2', '--timeout', '1', '--html', file)
  expect(code).toBe(3)
  expect(stderr).toContain('Not done after 1 s')
})
