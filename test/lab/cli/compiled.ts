/**
 * The command as the package ships it: compiled once, and kept until a source changes. Started from source, each command
 * would compile what it loads anew, for half a second. The command's own process runs a bundle of the compiled files,
 * because to load some 200 of them takes most of the time of a short command. The processes and threads that it starts run
 * the compiled files.
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
import { buildSync } from 'esbuild'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const CACHE = join(root, 'node_modules/.cache/racelab-compiled')

/** Compiles and bundles the command if a source has changed, and returns the path of the bundle. */
export function compiledLab(): string {
  const folder = join(CACHE, hashOfSources())
  if (!existsSync(folder)) compileInto(folder)
  return join(folder, `${BUNDLE}.js`)
}

function compileInto(folder: string): void {
  mkdirSync(CACHE, { recursive: true })
  const others = readdirSync(CACHE).filter((name) => !name.startsWith('draft-'))
  const draft = mkdtempSync(join(CACHE, 'draft-'))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = ['-p', join(root, 'tsconfig.build.json'), '--outDir', draft, '--declaration', 'false']
  execFileSync(process.execPath, [compiler, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  writeFileSync(join(draft, 'package.json'), '{ "type": "module" }')
  bundleIn(draft)
  try {
    renameSync(draft, folder)
  } catch (thrown) {
    // Another test file has compiled the same sources meanwhile.
    if (!existsSync(folder)) throw thrown
    rmSync(draft, { recursive: true })
  }
  for (const name of others) rmSync(join(CACHE, name), { recursive: true, force: true })
}

/** The bundle and its parts are as deep as `src/stress/`: from there the command finds the files of its workers. */
const BUNDLE = 'src/bundle/main'

function bundleIn(folder: string): void {
  buildSync({
    entryPoints: [{ in: join(folder, 'src/lab/cli/main.js'), out: BUNDLE }],
    outdir: folder,
    bundle: true,
    // What the command loads only if it needs it stays in a file of its own.
    splitting: true,
    chunkNames: 'src/bundle/[name]-[hash]',
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  })
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'test/lab/cli/compiled.ts'])
    hash.update(readFileSync(join(root, name)))
  for (const folder of ['src', 'workers']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (/\.tsx?$/.test(name)) hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
