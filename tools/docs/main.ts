/**
 * `npm run docs`: writes what is generated in docs/. The pages of the lessons and the import graph come from the sources;
 * docs/api comes from the docstrings, by typedoc, which is installed into this folder for it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lessons } from '../../src/lab/lessons/index.ts'
import { importGraph, withImports } from './import-graph.ts'
import { lessonPages } from './lessons.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const docs = join(here, '../../docs')

writeLessons()
writeImports()
writeApi()

function writeLessons(): void {
  const folder = join(docs, 'lessons')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, page] of lessonPages(lessons)) writeFileSync(join(folder, name), page)
}

function writeImports(): void {
  const page = join(docs, 'architecture.md')
  writeFileSync(page, withImports(readFileSync(page, 'utf8'), importGraph()))
}

function writeApi(): void {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', here], { stdio: 'inherit' })
  rmSync(join(docs, 'api'), { recursive: true, force: true })
  execFileSync(join(here, 'node_modules/.bin/typedoc'), { cwd: here, stdio: 'inherit' })
}
