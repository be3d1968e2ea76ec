/**
 * How many mutants the tests find.
 *
 * `node --import tsx test/mutants/main.ts quick [count] [seed]` plants the dropped notifies and weakened compare-and-swaps of
 * src/sync, and runs the quick tests on each. `node --import tsx test/mutants/main.ts <folder of src> <count> <seed> <test>…`
 * plants a sample of changed operators and removed statements, and runs these test files on each. `node --import tsx
 * test/mutants/main.ts clients [count] [seed]` plants changed atomics, comparisons and constants in the operations of the store, and
 * runs generated clients on each (clients.ts), without those of which it is known why they survive (survivors.ts). It prints a line
 * a mutant, and exits with 1 if one survives.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { Checkout } from './checkout.ts'
import { generalMutants, operationMutants, syncMutants } from './mutants.ts'
import type { Mutant } from './mutants.ts'
import { reasonToSurvive } from './survivors.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const [what = 'quick', count = 'all', seed = '1', ...files] = process.argv.slice(2)
const quick = what === 'quick'
const clients = what === 'clients'
/** What the operations of the clients are made of. */
const OPERATIONS = ['create-session', 'increment-access', 'touch-session', 'update-session', 'run-cleanup']
  .map((name) => `operations/${name}`)
  .concat('control', 'records', 'store', 'table')
  .map((name) => join(root, `src/store/${name}.ts`))
/** More than the tests take on a machine that is busy. */
const SECONDS = Number(process.env['SECONDS'] ?? (clients ? 300 : 120))

function quickTests(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  return scripts['test:quick']!.replace('vitest run ', '').split(' ')
}

function sources(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
}

/** `most` of the mutants, drawn by the seed. */
function sample(mutants: readonly Mutant[], most: number): Mutant[] {
  const next = randomNumbers(Number(seed))
  return mutants
    .map((mutant) => ({ mutant, rank: next() }))
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ mutant }) => mutant)
}

const make = quick ? syncMutants : clients ? operationMutants : generalMutants
const mutated = clients ? OPERATIONS : sources(join(root, 'src', quick ? 'sync' : what))
const all = mutated.flatMap((path) => {
  const source = readFileSync(path, 'utf8')
  return make(relative(root, path), source).filter(
    (mutant) => !clients || reasonToSurvive(mutant, source) === undefined,
  )
})
const chosen = count === 'all' ? all : sample(all, Number(count))
const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1']
const judge = clients ? ['test/mutants/clients.ts'] : [...VITEST, ...(quick ? quickTests() : files)]
const checkout = new Checkout()
// The process that judges a mutant has a group of its own, and does not get the signal.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    checkout.remove()
    process.exit(130)
  })
try {
  const sound = await checkout.judge(judge, SECONDS)
  if (sound.verdict !== 'survived') throw new Error(`Without a mutant the tests do not pass:\n${sound.output}`)
  console.log(`${chosen.length} of ${all.length} mutants; without one the tests take ${sound.seconds.toFixed(0)} s`)
  let found = 0
  for (const mutant of chosen) {
    const { verdict, output, seconds } = await checkout.run(mutant, judge, SECONDS)
    if (verdict !== 'survived') found++
    // The report of the explorer ends with how to replay the schedule.
    const shown = output.includes("replay(scenario, '") ? ', with the schedule' : ''
    const undecided = clients && verdict === 'survived' && output.includes('inconclusive') ? ', undecided' : ''
    console.log(
      `${verdict}${undecided}${shown} (${seconds.toFixed(0)} s): ${mutant.file}:${mutant.line} ${mutant.what}`,
    )
  }
  console.log(`found ${found} of ${chosen.length}`)
  if (found < chosen.length) process.exitCode = 1
} finally {
  checkout.remove()
}
