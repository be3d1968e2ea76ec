/** sharedmap: two threads set new keys, and one line is free. */
import SharedMap from 'sharedmap'

const LINES = 4

/** Returns keys whose hashes lead to a line. */
function keysOf(line) {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
  const map = new SharedMap(LINES, 4, 4)
  // oxlint-disable-next-line no-underscore-dangle -- the package's own name
  return letters.filter((letter) => map._hash(letter) === line)
}

const [atZero, again] = keysOf(0)
const [atOne] = keysOf(1)
const [atTwo] = keysOf(2)
const [atThree] = keysOf(3)

const set = (map, key) => {
  Object.setPrototypeOf(map, SharedMap.prototype)
  try {
    map.set(key, '2')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}

export default {
  name: 'sharedmap 1.2.0: two new keys for one free line',
  memory() {
    const map = new SharedMap(LINES, 4, 4)
    for (const key of [atZero, atOne, atTwo]) map.set(key, '1')
    // The views, without the class: each thread builds its own instance.
    return { ...map }
  },
  actors: {
    alice: (map) => set(map, atThree),
    bob: (map) => set(map, again),
  },
}
