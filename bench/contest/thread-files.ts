/** The files that the threads and processes of a contest run: bundles, like those of the lab's workers. */
import { fileURLToPath } from 'node:url'
import { bundle } from '../../src/stress/worker-file.ts'
import type { Files } from './competitors.ts'

export async function threadFiles(): Promise<Files> {
  return { thread: await bundle(pathOf('thread')), child: await bundle(pathOf('child')) }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`${name}.ts`, import.meta.url))
}
