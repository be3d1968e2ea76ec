/** Loops in scripts: what sloppy mode, `arguments`, `eval` and the global scope hide. */
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'

import { exploreWaiter, expectOutcomes, opener, openerOfBoth, script } from './waiters.ts'

/** What a loop finds that reads word 0 and then word 1, where `before` is a value from before the two reads. */
const pick = (before: number, first: number, second: number): string | undefined => {
  if (first === 0 && second === 1) return `saw ${before}`
  return first === 1 ? 'opened' : undefined
}
/** Each waits for word 0, and leaves in `state.rounds` how many rounds it has counted. */
const counting: Record<string, string> = {
  'the arguments of a function that is running': `
    function look(which) { if (look.arguments[0] === 1) state.rounds++; return which === 1 ? 0 : Atomics.load(words, 0) }
    while (look(0) === 0) look(1)`,
  'whether a function has arguments': `
    function step() { if (step.arguments !== null) state.rounds++ }
    while (closed) step()`,
  'whether a function has a caller': `
    function step() { if (step.caller !== null) state.rounds++ }
    while (closed) step()`,
  'the arguments of the function around an arrow function': `
    const look = () => arguments[1]
    while (closed) { state = 1; if (look() === 1) counts.rounds++; state = 0 }
    return counts.rounds`,
  'what eval declares around a loop': `
    let y = 5
    const spin = () => { eval('var y = 0'); while (closed) y = Math.min(y + 1, 5); return y }
    return spin()`,
  'what a function sees that eval has declared': `
    const step = () => 0
    const spin = () => { eval('function step() { state.rounds++ }'); while (closed) step() }
    spin()`,
  'what a getter of a global function counts': `
    const { isFinite } = globalThis
    Object.defineProperty(globalThis, 'isFinite', { configurable: true, get() { state.rounds++; return isFinite } })
    const spin = new Function('words', 'while (closed) isFinite(1)')
    spin(words)
    Object.defineProperty(globalThis, 'isFinite', { configurable: true, writable: true, value: isFinite })`,
}

test.each(Object.entries(counting))('a script carries %s', (_, body) => {
  const code = script(`${body}\nreturn state.rounds`, 'state', 'counts')
  const waiter = (words: Int32Array): boolean => {
    const state = { rounds: 0 }
    return Number(code(words, state, state)) > 2
  }
  expectOutcomes(waiter, opener, [false, true])
})

test('`arguments` that a script assigns is a variable', () => {
  const code = script(
    'let x = 0; const get = () => arguments; arguments = 0; while (closed) { x = get(); arguments = 1 } return x',
  )
  expectOutcomes((words) => code(words), opener, [0, 1])
})

test('eval assigns the element of a loop over an array in place', () => {
  const code = script(`
    let isFirst = true, last = 3
    for (;;) for (let element of [1, 2, 3, 4]) {
      if (isFirst) { isFirst = false; eval('element = 4') }
      if (Atomics.load(words, 0) !== 0) return element + ' after ' + last
      last = element
    }`)
  const result = exploreWaiter((words) => code(words))
  // The elements are 4 (once), 2, 3, 4, and then 1. The loop is cut off before it comes to 2 after 1.
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false, failures: [] })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['1 after 4', '2 after 4', '3 after 2', '4 after 3'])
})

test('the field of a new object assigns a variable in the first round', () => {
  const code = script(
    `
    let rounds = 0, isFirst = true
    class Once { field = (rounds = 1) }
    for (;;) {
      const found = pick(rounds, (isFirst && ((isFirst = false), new Once()), Atomics.load(words, 0)), Atomics.load(words, 1))
      if (found !== undefined) return found
    }`,
    'pick',
  )
  expectOutcomes((words) => code(words, pick), openerOfBoth, ['opened', 'saw 0', 'saw 1'])
})

/** Returns a waiter that `eval` makes, whose first round reads `rounds` before a getter of the code around it sets it. */
function evaluated(): (words: Int32Array) => unknown {
  let rounds = 0
  const gate = { once: 0 }
  const start = (): void => {
    rounds = 0
    const get = (): number => {
      rounds = 1
      Object.defineProperty(gate, 'once', { value: 0 })
      return 0
    }
    Object.defineProperty(gate, 'once', { get, configurable: true })
  }
  void [rounds, gate, start]
  // oxlint-disable-next-line no-eval -- it is what is tested
  return eval(`(words) => {
    const pick = (before, _, value) => (value === 1 ? 'opened' : before)
    start()
    let found = 1
    for (;;) {
      found = pick(rounds, gate.once, Atomics.load(words, 0))
      if (found === 'opened') return found
      if (Atomics.load(words, 1) === 1) return \`saw \${found}\`
    }
  }`) as (words: Int32Array) => unknown
}

test('code that eval has made reads a variable of the code around it', () => {
  expectOutcomes(evaluated(), openerOfBoth, ['opened', 'saw 0', 'saw 1'])
})

type Spin = (words: Int32Array, at: number, state: { rounds: number }) => void

/** Two loops of the same shape, of which only the second counts. */
const bodies = ['while (Atomics.load(words, at) === 0);', 'while (Atomics.load(words, at) === 0) state.rounds++;']
const params = ['words', 'at', 'state'] as const

/** Makes scripts without names, so that the same position is in each of them. */
const makers: Record<string, (body: string) => Spin> = {
  // oxlint-disable-next-line no-implied-eval -- it is what is tested
  'the constructor of functions': (body) => new Function(...params, body) as Spin,
  'node:vm': (body) => runInThisContext(`(${params.join()}) => { ${body} }`) as Spin,
}

test.each(Object.entries(makers))('two scripts of %s are not one loop', (_, make) => {
  const waiter = (words: Int32Array): boolean => {
    const state = { rounds: 0 }
    for (const [at, body] of bodies.entries()) make(body)(words, at, state)
    return state.rounds > 2
  }
  expectOutcomes(waiter, openerOfBoth, [false, true])
})
