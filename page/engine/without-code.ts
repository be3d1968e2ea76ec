/**
 * Takes from the worker what makes code of a text. The text of the editor is run without its `import()`; code that it made itself could
 * call that, and with it ask the page's own server, which the policy allows.
 */
function refuse(): never {
  throw new EvalError('Code is not made from text here: write it in the editor.')
}

const KINDS = [function () {}, async function () {}, function* () {}, async function* () {}]

for (const kind of KINDS) {
  const prototype = Object.getPrototypeOf(kind) as { readonly constructor: object }
  // It has the name and the prototype of the original, for `instanceof`.
  const value = new Proxy(prototype.constructor, { apply: refuse, construct: refuse })
  Object.defineProperty(prototype, 'constructor', { value, writable: false, configurable: false })
}

Object.assign(globalThis, { eval: refuse, Function: Function.prototype.constructor })

for (const name of ['setTimeout', 'setInterval'] as const) {
  const native = globalThis[name] as (...args: readonly unknown[]) => number
  Object.assign(globalThis, {
    [name]: (work: unknown, ...rest: readonly unknown[]): number =>
      typeof work === 'function' ? native.call(globalThis, work, ...rest) : refuse(),
  })
}
