/** What a contest's threads and processes run: bundles, as for the lab's own workers. */
import { fileURLToPath } from 'node:url'
import { bundle } from '../../src/stress/worker-file.ts'
import type { Files } from './entries.ts'

export async function threadFiles(): Promise<Files> {
  return { thread: await bundle(pathOf('thread')), child: await bundle(pathOf('child')) }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`${name}.ts`, import.meta.url))
}
