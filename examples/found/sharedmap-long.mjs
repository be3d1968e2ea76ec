/** sharedmap: a value as long as values may be, beside the value of the next line. */
import SharedMap from 'sharedmap'

const LINES = 4
const over = (map) => Object.setPrototypeOf(map, SharedMap.prototype)

/** Returns the first letter whose hash leads to a line. */
function keyOf(line) {
  const map = new SharedMap(LINES, 4, 4)
  // oxlint-disable-next-line no-underscore-dangle -- the package's own name
  return Array.from('abcdefghijklmnopqrstuvwxyz').find((letter) => map._hash(letter) === line)
}

const [atOne, atTwo] = [keyOf(1), keyOf(2)]

export default {
  name: 'sharedmap 1.2.0: a value of the maximum length',
  // The views, without the class: each thread builds its own instance.
  memory: () => ({ ...new SharedMap(LINES, 4, 4) }),
  actors: {
    alice: (map) => void over(map).set(atOne, '1234'),
    bob: (map) => void over(map).set(atTwo, '2'),
  },
  /** Both values, as they stand beside each other. */
  observe: ({ valuesData }) => String.fromCharCode(...[4, 5, 6, 7, 8].map((at) => valuesData[at] || 46)),
  outcomes: { 12342: 'acceptable', '1234.': ['forbidden', 'the value of bob is gone'] },
}
