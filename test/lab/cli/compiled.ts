/**
 * The command as the package ships it: compiled once, and kept until a source changes. Started from source, each command
 * would compile what it loads anew, for half a second.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const CACHE = join(root, 'node_modules/.cache/racelab-compiled')

/** The path of the compiled file for a source file, both relative to the checkout. Compiles if a source has changed. */
export function compiled(source: string): string {
  const folder = join(CACHE, hashOfSources())
  if (!existsSync(folder)) compileInto(folder)
  return join(folder, source.replace(/\.ts$/, '.js'))
}

function compileInto(folder: string): void {
  mkdirSync(CACHE, { recursive: true })
  const others = readdirSync(CACHE).filter((name) => !name.startsWith('draft-'))
  const draft = mkdtempSync(join(CACHE, 'draft-'))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = ['-p', join(root, 'tsconfig.build.json'), '--outDir', draft, '--declaration', 'false']
  execFileSync(process.execPath, [compiler, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  writeFileSync(join(draft, 'package.json'), '{ "type": "module" }')
  try {
    renameSync(draft, folder)
  } catch (thrown) {
    // Another test file has compiled the same sources meanwhile.
    if (!existsSync(folder)) throw thrown
    rmSync(draft, { recursive: true })
  }
  for (const name of others) rmSync(join(CACHE, name), { recursive: true, force: true })
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
    hash.update(readFileSync(join(root, name)))
  for (const folder of ['src', 'workers']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (name.endsWith('.ts')) hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
