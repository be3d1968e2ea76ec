/** Starts a process that kills its threads, so that a process that ends with them is a failure like another. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundle } from '../../../src/stress/worker-file.ts'
import type { Left } from './kills.child.ts'

/** Kills threads until `inside` of them were inside a call of the database. Rejects if the process fails or prints an error. */
export async function killThreads(inside: number): Promise<Left> {
  const folder = mkdtempSync(join(tmpdir(), 'racelab-kills-'))
  try {
    const child = await bundle(fileURLToPath(new URL('kills.child.ts', import.meta.url)))
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [child, folder, String(inside)])
    if (stderr !== '') throw new Error(stderr)
    return JSON.parse(stdout) as Left
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is left if nothing is lost. */
export const WHOLE = { problems: [], unmatched: [], torn: [], rowsTooMany: 0, integrity: 'ok', files: ['sessions.db'] }
