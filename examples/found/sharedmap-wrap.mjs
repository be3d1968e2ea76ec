/** sharedmap: a set goes from the last line to the first, and a get from the first line to the last. */
import SharedMap from 'sharedmap'

const LINES = 8
const over = (map) => Object.setPrototypeOf(map, SharedMap.prototype)

/** Returns two letters whose hashes lead to a line. */
function keysOf(line) {
  const map = new SharedMap(LINES, 4, 4)
  const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  // oxlint-disable-next-line no-underscore-dangle -- the package's own name
  return letters.filter((letter) => map._hash(letter) === line)
}

const [[first, chained], [removed], ...others] = Array.from({ length: LINES }, (_, line) => keysOf(line))
const [, wrapping] = others.pop()

export default {
  name: 'sharedmap 1.2.0: a set and a get, across the end of the map',
  memory() {
    const map = new SharedMap(LINES, 4, 4)
    // Only the last line is free for the second key of the first line. Then the second line becomes free.
    for (const key of [first, removed, ...others.map(([key]) => key), chained]) map.set(key, '1')
    map.delete(removed)
    // The views, without the class: each thread builds its own instance.
    return { ...map }
  },
  actors: {
    setter: (map) => void over(map).set(wrapping, '2'),
    getter: (map) => over(map).get(chained),
  },
}
