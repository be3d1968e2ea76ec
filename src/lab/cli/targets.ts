/** The targets of `lab explore`: what its arguments name, with folders and globs expanded to files. */
import { existsSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { lessons } from '../lessons/index.ts'
import { NoScenarioError } from './subject.ts'

/** A bug or a file to explore. */
export interface Target {
  /** The name of the bug, or the path of the file. */
  readonly name: string
  /** Whether an argument names it. A file that was found in a folder need not have a scenario. */
  readonly isNamed: boolean
}

const SOURCES = '**/*.{ts,mts,cts,js,mjs,cjs}'
const LEFT_OUT = /(^|\/)node_modules\/|\.d\.[cm]?ts$/

/**
 * Returns what the arguments name, in their order, each file once. In a folder that is every source file, without
 * those in `node_modules` and in hidden folders. Throws NoScenarioError for a folder or a glob that has no file.
 */
export async function targetsOf(args: readonly string[]): Promise<readonly Target[]> {
  const found = new Map<string, Target>()
  for (const arg of args) {
    for (const target of await expand(arg)) {
      const path = resolve(target.name)
      if (!found.has(path)) found.set(path, target)
    }
  }
  return [...found.values()]
}

async function expand(arg: string): Promise<readonly Target[]> {
  const isBug = lessons.some(({ name }) => name === arg)
  if (isBug || isFile(arg)) return [{ name: arg, isNamed: true }]
  if (existsSync(arg)) return files(SOURCES, arg, `There is no .ts, .js or .mjs file in ${arg}.`)
  if (isDynamicPattern(arg)) return files(arg, '.', `No file matches ${arg}.`)
  return [{ name: arg, isNamed: true }]
}

function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory()
}

async function files(pattern: string, folder: string, none: string): Promise<readonly Target[]> {
  const found = await glob(pattern, { cwd: folder, absolute: true })
  const paths = found.filter((path) => !LEFT_OUT.test(relative(folder, path))).toSorted()
  if (paths.length === 0) throw new NoScenarioError(none)
  return paths.map((path) => ({ name: shortest(path), isNamed: false }))
}

function shortest(path: string): string {
  const below = relative('', path)
  return below.startsWith('..') ? path : below
}
