// A picture in its frame: larger and smaller about a point, carried about, pinched, swiped past.

const MOST = 8;
const STEP = 1.6;
const TWICE_PRESSED = 2.5;
const CARRIED = 6; // pixels from which on a press is a pull
const SWIPED = 60;

export class Zoom {
  #frame;
  #picture;
  #turn;
  #fingers = new Map();
  #began;
  #listening = new AbortController();
  scale = 1;
  #x = 0;
  #y = 0;

  /** Let `picture` be zoomed in `frame`; `turn(-1 or 1)` is called when it is swiped aside as a whole. */
  constructor(frame, picture, turn) {
    this.#frame = frame;
    this.#picture = picture;
    this.#turn = turn;
    const on = (name, act, more = {}) => frame.addEventListener(name, act, { signal: this.#listening.signal, ...more });
    on("wheel", (event) => this.#roll(event), { passive: false });
    on("dblclick", (event) => (this.scale > 1 ? this.fit() : this.#grow(TWICE_PRESSED, this.#from(event))));
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => this.#pull(event));
    on("pointerup", (event) => this.#lift(event));
    on("pointercancel", ({ pointerId }) => this.#fingers.delete(pointerId));
  }

  /** Stop listening. */
  end() {
    this.#listening.abort();
    this.#frame.classList.remove("is-large");
  }

  larger() {
    this.#grow(STEP);
  }

  smaller() {
    this.#grow(1 / STEP);
  }

  /** Show the whole picture. */
  fit() {
    this.#grow(1 / this.scale);
  }

  /** Look further to a side, by a share of the frame. */
  look(right, down) {
    this.#carry(-right * this.#frame.clientWidth, -down * this.#frame.clientHeight);
  }

  #grow(times, about = { x: 0, y: 0 }) {
    const scale = Math.min(MOST, Math.max(1, this.scale * times));
    this.#x = about.x - ((about.x - this.#x) * scale) / this.scale;
    this.#y = about.y - ((about.y - this.#y) * scale) / this.scale;
    this.scale = scale;
    this.#carry(0, 0);
  }

  #carry(right, down) {
    const { naturalWidth: wide, naturalHeight: high } = this.#picture;
    const { clientWidth, clientHeight } = this.#frame;
    const shown = wide ? Math.min(clientWidth / wide, clientHeight / high) * this.scale : 0; // not there yet
    this.#x = within((wide * shown - clientWidth) / 2, this.#x + right);
    this.#y = within((high * shown - clientHeight) / 2, this.#y + down);
    this.#picture.style.transform = this.scale > 1 ? `translate(${this.#x}px, ${this.#y}px) scale(${this.scale})` : "";
    this.#frame.classList.toggle("is-large", this.scale > 1);
  }

  /** Where an event happened, from the middle of the frame. */
  #from({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  #roll(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    this.#grow(Math.exp(-Math.max(-120, Math.min(120, pixels)) / 300), this.#from(event));
  }

  #press(event) {
    if (event.button) return;
    event.preventDefault(); // a picture would be dragged as a file
    this.#frame.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, this.#from(event));
    this.#began = { ...this.#from(event), alone: this.#fingers.size === 1 };
  }

  #pull(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#from(event);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other) {
      this.#grow(distance(now, other) / Math.max(1, distance(before, other)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      this.#carry((now.x - before.x) / 2, (now.y - before.y) / 2);
    } else if (this.scale > 1) {
      this.#carry(now.x - before.x, now.y - before.y);
    }
  }

  #lift(event) {
    if (!this.#fingers.delete(event.pointerId) || !this.#began.alone) return;
    const now = this.#from(event);
    const [right, down] = [now.x - this.#began.x, now.y - this.#began.y];
    if (this.scale === 1) {
      if (Math.abs(right) > SWIPED && Math.abs(right) > 1.5 * Math.abs(down)) this.#turn(right < 0 ? 1 : -1);
    } else if (Math.hypot(right, down) < CARRIED) {
      this.#carry(-now.x, -now.y); // what was pressed comes to the middle: no need to pull
    }
  }
}

const within = (most, wanted) => Math.max(-Math.max(0, most), Math.min(Math.max(0, most), wanted));
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
