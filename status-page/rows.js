/**
 * What shows one item of a list.
 *
 * @template Item
 * @typedef {{ readonly element: HTMLElement, update(item: Item): void }} Row
 */

/**
 * A list whose elements stay as long as their items do: the focus, what is open and what is marked stay with them.
 *
 * @template Item
 */
export class Rows {
  #parent;
  #make;
  /** @type {Map<string, Row<Item>>} */
  #rows = new Map();

  /**
   * @param {Element} parent where nothing else is
   * @param {() => Row<Item>} make
   */
  constructor(parent, make) {
    this.#parent = parent;
    this.#make = make;
  }

  /**
   * Shows these items, in this order.
   *
   * @param {readonly Item[]} items
   * @param {(item: Item) => string} keyOf what makes an item the same as one that was shown before
   */
  show(items, keyOf) {
    const before = this.#rows;
    this.#rows = new Map();
    for (const item of items) {
      const key = unusedKey(keyOf(item), this.#rows);
      const row = before.get(key) ?? this.#make();
      before.delete(key);
      row.update(item);
      this.#rows.set(key, row);
    }
    for (const { element } of before.values()) element.remove();
    let next = this.#parent.firstElementChild;
    for (const { element } of this.#rows.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(element, next);
    }
  }
}

/**
 * @param {string} key
 * @param {ReadonlyMap<string, unknown>} used
 */
function unusedKey(key, used) {
  let unused = key;
  for (let count = 2; used.has(unused); count += 1) unused = `${key} ${count}`;
  return unused;
}
