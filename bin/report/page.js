// @ts-nocheck Runs in a browser, whose types the rest of this repository must not see.

// Shows the numbers of the period under the pointer. They stand in the table already; without this script nothing is lost.
const timeline = document.querySelector('.timeline');
const overlay = timeline.querySelector('.overlay');
const cursor = overlay.querySelector('.cursor');
const columns = [...document.querySelectorAll('thead th')].map((cell) => cell.textContent);
const rows = document.querySelectorAll('tbody tr');
const readout = document.createElement('div');
readout.className = 'readout';
readout.hidden = true;
readout.setAttribute('aria-hidden', 'true');
timeline.append(readout);

function line(name, value) {
  const row = document.createElement('div');
  row.className = 'readout-line';
  const number = document.createElement('b');
  number.textContent = value;
  row.append(name, number);
  return row;
}

function point({ clientX, clientY }) {
  const plot = overlay.getBoundingClientRect();
  const period = Math.floor(((clientX - plot.left) / plot.width) * rows.length);
  if (period < 0 || period >= rows.length) return leave();
  const values = [...rows[period].cells].map((cell) => cell.textContent);
  const lines = columns.map((name, index) => line(name, values[index]));
  readout.replaceChildren(...lines.filter((_, index) => !['0', '–', ''].includes(values[index])));
  readout.hidden = false;
  cursor.hidden = false;
  cursor.style.left = `${((period + 0.5) / rows.length) * 100}%`;
  const box = timeline.getBoundingClientRect();
  const right = clientX - box.left + 18;
  const fits = right + readout.offsetWidth <= box.width;
  readout.style.left = `${fits ? right : right - 36 - readout.offsetWidth}px`;
  readout.style.top = `${clientY - box.top + 14}px`;
}

function leave() {
  readout.hidden = true;
  cursor.hidden = true;
}

timeline.addEventListener('pointermove', point);
timeline.addEventListener('pointerleave', leave);
