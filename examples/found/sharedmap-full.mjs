/** sharedmap: setting a key that exists, in a map that is full. */
import SharedMap from 'sharedmap'

export default {
  name: 'sharedmap 1.2.0: setting an existing key in a full map',
  memory() {
    const map = new SharedMap(4, 4, 4)
    for (const key of ['a', 'b', 'c', 'd']) map.set(key, '1')
    // The views, without the class: each thread builds its own instance.
    return { ...map }
  },
  actors: {
    writer: (map) => void SharedMap.prototype.set.call(Object.setPrototypeOf(map, SharedMap.prototype), 'a', '2'),
    other: (map) => Atomics.load(map.meta, 3),
  },
}
