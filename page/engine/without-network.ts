/**
 * Takes from the worker what could reach a network or the page's storage: the text of the editor may come from a link. The page's content
 * security policy, which this worker inherits, forbids the same.
 */
const REACHING = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'WebTransport',
  'importScripts',
  'indexedDB',
].concat(['caches', 'BroadcastChannel', 'Worker', 'SharedWorker', 'navigator', 'RTCPeerConnection'])

for (const name of REACHING) {
  if (name in globalThis) Object.defineProperty(globalThis, name, { value: undefined })
}
