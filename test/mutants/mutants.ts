/** Mutants of a source: each is one small change. The source is read as text, without its comments. */

export interface Mutant {
  readonly what: string
  readonly file: string
  readonly line: number
  /** The part of the source that is replaced, and what comes in its place. */
  readonly from: number
  readonly to: number
  readonly text: string
}

interface Rule {
  readonly what: string
  readonly pattern: RegExp
  replace(match: RegExpExecArray): string
}

/** What a primitive of src/sync does to other threads: it wakes them, and it takes a word from them in one step. */
const SYNC: readonly Rule[] = [
  { what: 'drops the notify', pattern: /Atomics\.notify\((?:[^()]|\([^()]*\))*\)/g, replace: () => '0' },
  {
    what: 'compares and stores in two steps',
    pattern: /Atomics\.compareExchange\((\S+), (\S+), ([^,]+), ((?:[^(),]|\([^()]*\))+)\)/g,
    replace: ([, words, at, wanted, value]) =>
      `((seen: number) => (seen === ${wanted} ? (Atomics.store(${words}!, ${at}!, ${value}), seen) : seen))(Atomics.load(${words}!, ${at}!))`,
  },
  {
    what: 'stores without comparing',
    pattern: /Atomics\.compareExchange\((\S+), (\S+), ([^,]+), ((?:[^(),]|\([^()]*\))+)\)/g,
    replace: ([, words, at, wanted, value]) => `(Atomics.store(${words}!, ${at}!, ${value}), ${wanted})`,
  },
]

const OPPOSITE: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '<<': '>>',
  '>>>': '<<',
  '|': '&',
  '&': '|',
  true: 'false',
  false: 'true',
}

const GENERAL: readonly Rule[] = [
  {
    what: 'turns an operator round',
    pattern: /(?<= )(?:===|!==|<=|>=|<<|>>>|&&|\|\||[<>+\-|&])(?= )/g,
    replace: ([operator]) => OPPOSITE[operator]!,
  },
  { what: 'turns a constant round', pattern: /\b(?:true|false)\b/g, replace: ([constant]) => OPPOSITE[constant]! },
  {
    what: 'never does it',
    pattern: /(?<=\bif \()(?!.*=>)[^\n{}]+(?=\) (?:\{|return|throw|continue|break))/g,
    replace: () => 'false',
  },
  { what: 'removes the statement', pattern: /(?<=^ +)(?:[\w.#!]+)\([^\n]*\)(?=\n)/gm, replace: () => '' },
  { what: 'removes the assignment', pattern: /(?<=^ +)[\w.#!]+ [-+|&^]?= [^\n]*[^\n,({[](?=\n)/gm, replace: () => '' },
]

/** The arguments of a call, with calls within them. */
const ARGUMENTS = String.raw`\(((?:[^(),]|\([^()]*\))+), ((?:[^(),]|\([^()]*\))+)(?:, ((?:[^(),]|\([^()]*\))+))?\)`

/** What an operation of the store does to shared memory, and what it decides by. */
const OPERATION: readonly Rule[] = [
  ...SYNC,
  {
    what: 'changes in two steps',
    pattern: new RegExp(`Atomics\\.(add|sub|exchange)${ARGUMENTS}`, 'g'),
    replace: ([, kind, words, at, value]) => {
      const after = { add: `seen + ${value}`, sub: `seen - ${value}`, exchange: value }[kind!]
      return `((seen: number) => (Atomics.store(${words}!, ${at}, ${after}), seen))(Atomics.load(${words}!, ${at}))`
    },
  },
  { what: 'does not store', pattern: new RegExp(`Atomics\\.store${ARGUMENTS}`, 'g'), replace: () => '0' },
  { what: 'does not load', pattern: new RegExp(`Atomics\\.load${ARGUMENTS}`, 'g'), replace: () => '0' },
  { what: 'does not wait', pattern: new RegExp(`Atomics\\.wait${ARGUMENTS}`, 'g'), replace: () => "'not-equal'" },
  {
    what: 'turns a comparison round',
    pattern: /(?<= )(?:===|!==|<=|>=|&&|\|\||<|>)(?= )/g,
    replace: ([operator]) => OPPOSITE[operator]!,
  },
  {
    what: 'takes another constant',
    pattern: /\b(?:true|false|\d+)\b/g,
    replace: ([constant]) => OPPOSITE[constant] ?? String(Number(constant) + 1),
  },
]

/** The dropped notifies and weakened compare-and-swaps of a source. */
export function syncMutants(file: string, source: string): Mutant[] {
  return mutantsBy(SYNC, file, source)
}

/** Changed atomics, comparisons and constants of an operation. */
export function operationMutants(file: string, source: string): Mutant[] {
  return mutantsBy(OPERATION, file, source)
}

/** Changed operators, constants and conditions, and removed statements. */
export function generalMutants(file: string, source: string): Mutant[] {
  return mutantsBy(GENERAL, file, source)
}

function mutantsBy(rules: readonly Rule[], file: string, source: string): Mutant[] {
  const code = withoutText(source)
  return rules.flatMap(({ what, pattern, replace }) =>
    [...code.matchAll(pattern)].map((match): Mutant => {
      const { index: from, 0: found } = match
      const to = from + found.length
      const line = source.slice(0, from).split('\n').length
      const text = replace(match)
      return { what: `${what}: ${source.slice(from, to)}`, file, line, from, to, text }
    }),
  )
}

/** The source with blanks for its comments, imports and types, so that no mutant is planted there. */
function withoutText(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, '\u00a0')
  return source
    .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, blank)
    .replace(/^import [\s\S]*? from '[^']+'$/gm, blank)
    .replace(/^(?:export )?(?:interface \w[\s\S]*?^\}|type \w[^\n]*)$/gm, blank)
    .replace(/ \| (?:undefined|null)\b/g, blank)
    .replace(/(?:: |\bas )[\w<>[\], ]+(?: \| [\w<>[\]']+)+/g, blank)
}
