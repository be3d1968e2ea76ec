/**
 * Takes from the worker what could reach a network, the page's storage or another worker: the text of the editor may come from a link. What
 * is not named here goes, so that a browser's newer ways out go too. The content security policy of this worker (`confined-worker.ts`)
 * forbids what is not called but written, as `import()`.
 */

/** What the language itself has, and what is harmless. The explorer refuses some of it by itself. */
const KEPT = new Set(
  [
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError',
    'EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis JSON Math Intl ArrayBuffer Atomics',
    'SharedArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray',
    'Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry',
    'DisposableStack AsyncDisposableStack decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN',
    'console WebAssembly self name crossOriginIsolated isSecureContext performance crypto structuredClone queueMicrotask reportError',
    'setTimeout clearTimeout setInterval clearInterval atob btoa TextEncoder TextDecoder URL URLSearchParams AbortController AbortSignal',
    'Event EventTarget MessageChannel MessagePort MessageEvent DOMException Performance Crypto Blob constructor',
    'addEventListener removeEventListener onerror onunhandledrejection',
    'Buffer process global setImmediate',
  ]
    .join(' ')
    .split(' '),
)

// Many globals are properties of the prototypes, and would be found there.
for (
  let owner: object | null = globalThis;
  owner !== null && owner !== Object.prototype;
  owner = Object.getPrototypeOf(owner) as object | null
) {
  for (const name of Object.getOwnPropertyNames(owner)) {
    if (!KEPT.has(name) && !Reflect.deleteProperty(owner, name)) Reflect.set(owner, name, undefined)
  }
}
