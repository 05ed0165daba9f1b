// The console of one node. Asks it every second while the tab is seen; all that comes from it is written as text, never as markup.
// 1 words and numbers, 2 elements, 3 asking, 4 what /metrics says, 5 charts, 6 the views, 7 routes and switches.

const SECOND_MS = 1000, TIMEOUT_MS = 5000, HISTORY_MS = 120_000;
const RATE_WINDOW_MS = 5000, FRESHNESS_WINDOW_MS = 10_000; // means over these
const UNKNOWN_PAUSE_MS = 5000; // who is unknown may come, but not each second
const BACK_SHOWN_MS = 6000, LIST_LENGTH = 10, ACTIONS_SHOWN = 50;
const COMPACT_LANES_FROM = 17; // partitions from which lanes are small tiles
const LEAST_LAG_SCALE = 1000; // events at which a lag bar is full, at least: a handful is no alarm

const byId = id => document.getElementById(id);

// ---- 1 words and numbers

const words = JSON.parse(byId('words').textContent);
const places = { en: 0, 'zh-CN': 1 };

// A browser may forbid storage; the switches then hold until the page is closed.
const remembered = name => { try { return localStorage.getItem(name); } catch { return null; } };
const remember = (name, value) => { try { localStorage.setItem(name, value); } catch (error) { console.info('not remembered:', error.message); } };

let language = remembered('language') in places ? remembered('language') : navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
const formats = new Map();
const format = (kind, options = {}) => {
  const key = language + kind + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl[kind](language, options));
  return formats.get(key);
};

const has = value => value !== null && value !== undefined && Number.isFinite(Number(value));
const number = (value, digits = 0, least = 0) => has(value) ? format('NumberFormat', { maximumFractionDigits: digits, minimumFractionDigits: least }).format(value) : t('none');
const unit = (value, name, digits = 0) => format('NumberFormat', { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
const percent = value => format('NumberFormat', { style: 'percent' }).format(value);
const rateText = value => !has(value) ? t('none') : value > 0 && value < 0.1 ? '<\u2009' + number(0.1, 1) : number(value, value < 10 ? 1 : 0);
const clock = ms => format('DateTimeFormat', { timeStyle: 'medium' }).format(ms);
const dayAndTime = ms => format('DateTimeFormat', { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
const duration = seconds => !has(seconds) ? t('none')
  : seconds < 1 ? unit(seconds * 1000, 'millisecond')
  : seconds < 120 ? unit(seconds, 'second', seconds < 10 ? 2 : 0)
  : unit(seconds / 60, 'minute');
const ago = thenMs => {
  const seconds = Math.max(0, Date.now() - thenMs) / 1000;
  if (seconds < 1) return t('now');
  const [value, name] = seconds < 60 ? [seconds, 'second'] : seconds < 3600 ? [seconds / 60, 'minute'] : seconds < 172_800 ? [seconds / 3600, 'hour'] : [seconds / 86_400, 'day'];
  return format('RelativeTimeFormat', { style: 'short' }).format(-Math.floor(value), name);
};

/** Words of a key; {name} is put in, {name|one|other} chooses by the number. Numbers are formatted. */
const t = (key, values = {}) => words[key][places[language]].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, other) => {
  const value = values[name];
  if (other !== undefined) return format('PluralRules').select(value) === 'one' ? one : other;
  return typeof value === 'number' ? number(value, 1) : value;
});
/** Words of a code of the engine; a code that the page does not know stands as it came. */
const coded = (group, code) => `${group}.${code}` in words ? t(`${group}.${code}`) : t('quoted', { text: String(code) });
const listed = (texts, between = 'and') => texts.join(t(between));

// The node's details are English; those that the page knows are said in its language, others are quoted.
const details = [
  [/^starting$/, 'detail.starting'], [/^answers$/, 'detail.answers'], [/^not asked yet$/, 'detail.notAsked'], [/^no answer within ([\d.]+) s$/, 'detail.noAnswer'],
  [/^(\d+) members?$/, 'detail.members'], [/^not an Up member$/, 'detail.notUp'], [/^(\d+) of (\d+) run here$/, 'detail.running'],
  [/^read to the end$/, 'detail.read'], [/^being read$/, 'detail.reading'],
];
const detailText = text => {
  for (const [pattern, key] of details) {
    const match = pattern.exec(text);
    if (match) return t(key, { n: Number(match[1]), m: Number(match[2]) });
  }
  return t('quoted', { text });
};
const checkText = check => t('colon', { name: coded('check', check.name), text: detailText(check.detail) });

const steps = text => listed(text.split(', ').filter(Boolean).map(part => {
  const [step, seconds] = part.split(' ');
  return t('shards.step', { step: coded('step', step), time: duration(Number(seconds)) });
})) || t('none');
const takeOverText = text => {
  if (!text) return t('shards.noTakeOver');
  const over = /^([\d.]+) s: (.*); (\d+) batches replayed$/.exec(text);
  if (over) return t('shards.took', { time: duration(Number(over[1])), steps: steps(over[2]), n: Number(over[3]) });
  const running = /^not over after ([\d.]+) s: (.*?)(?:, )?at (\w+) for ([\d.]+); (\d+) batches replayed$/.exec(text);
  if (!running) return t('quoted', { text });
  return t('shards.taking', { time: duration(Number(running[1])), steps: steps(running[2]), step: coded('step', running[3]), stepTime: duration(Number(running[4])), n: Number(running[5]) });
};

// ---- 2 elements

/** An element with attributes, `on…` listeners and children; strings become text nodes. */
const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const span = className => make('span', { class: className });
const box = className => make('div', { class: className });
const note = (key, className = 'soft') => make('p', { class: className }, t(key));
/** Writes text, and touches nothing where it is there already: selections and readers stay undisturbed. */
const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const mark = (element, name, value) => { if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value); };

/** Keeps one child for each item, by key and in their order, behind the `first` children. `create` gives `{ node, update(item, index) }`. */
const reconcile = (parent, items, keyOf, create, first = 0) => {
  const before = parent.kept ?? new Map(), kept = new Map();
  items.forEach((item, index) => {
    let key = String(keyOf(item, index));
    while (kept.has(key)) key += "'";
    const row = before.get(key) ?? create(item, before.size > 0);
    row.update?.(item, index);
    kept.set(key, row);
    const there = parent.children[first + index];
    if (there !== row.node) parent.insertBefore(row.node, there ?? null);
  });
  while (parent.children.length > first + items.length) parent.lastChild.remove();
  parent.kept = kept;
};

// A phase or condition is told by shape, colour and words.
const shapes = {
  dot: 'M7 7h.01', ring: 'M7 2a5 5 0 1 1 0 10a5 5 0 1 1 0 -10z', turn: 'M2 7a5 5 0 1 0 5 -5M7 2l2.5 -1.5M7 2l2 2',
  triangle: 'M7 2l5.5 10h-11zM7 6v2.5', cross: 'M3 3l8 8M11 3l-8 8', arrow: 'M2 7h10M8 3l4 4l-4 4', square: 'M3 3h8v8h-8z', diamond: 'M7 1.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z', tick: 'M2 7.5l3.5 3.5l6.5 -8',
};
const phases = {
  new: ['ring', 'idle'], 'taking-over': ['turn', 'busy'], replaying: ['turn', 'busy'], running: ['dot', 'good'], 'backing-off': ['triangle', 'busy'],
  fenced: ['diamond', 'idle'], failed: ['cross', 'bad'], 'handing-off': ['arrow', 'busy'], stopped: ['square', 'idle'], elsewhere: ['ring', 'idle'],
};
const glyph = (shape, colour) => setGlyph(draw('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }), shape, colour);
const setGlyph = (svg, shape, colour) => {
  mark(svg, 'class', `glyph ${colour}`);
  if (svg.dataset.shape !== shape) svg.replaceChildren(draw('path', { d: shapes[shape] }));
  svg.dataset.shape = shape;
  return svg;
};
const setPhase = (svg, phase) => setGlyph(svg, ...(phases[phase] ?? ['diamond', 'busy']));

const meter = () => {
  const bar = make('i', { style: 'width:0' });
  return { node: make('div', { class: 'meter', 'aria-hidden': 'true' }, bar), set: share => { bar.style.width = `${Math.round(Math.min(1, Math.max(0, share || 0)) * 1000) / 10}%`; } };
};
const head = (title, lead) => make('div', { class: 'head' }, make('h1', { tabindex: -1 }, t(title)), make('p', {}, t(lead)));
const card = (title, ...children) => make('section', { class: 'card' }, make('h2', {}, t(title)), ...children);
/** Name-and-value pairs; `set({ key: text })` writes values. */
const pairs = (className, keys) => {
  const values = Object.fromEntries(keys.map(key => [key, make('dd', {}, t('none'))]));
  const cells = className === 'facts' ? keys.map(key => make('div', {}, make('dt', {}, t(key)), values[key])) : keys.flatMap(key => [make('dt', {}, t(key)), values[key]]);
  return { node: make('dl', { class: className }, ...cells), set: texts => { for (const [key, text] of Object.entries(texts)) put(values[key], text); } };
};

// ---- 3 asking

/** Answer of the node; status 0: there was none in time. */
const ask = async path => {
  try {
    const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, isJson, body: isJson ? await answer.json() : await answer.text() };
  } catch (error) {
    return { status: 0, isJson: false, body: error.message };
  }
};

/** Works at once and again a second after each end, or as many ms as the work says; rests while the tab is hidden. Gives what ends it. */
const everySecond = work => {
  let timer, ended = false, works = false;
  const turn = async () => {
    if (ended || works || document.hidden) return;
    works = true;
    let pauseMs;
    try { pauseMs = await work(); } finally {
      works = false;
      timer = setTimeout(turn, pauseMs ?? SECOND_MS);
    }
  };
  const wake = () => { clearTimeout(timer); turn(); };
  document.addEventListener('visibilitychange', wake);
  turn();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', wake);
  };
};

const node = { status: null, ready: null, board: null, asksBoard: true, hasMetrics: false, samples: [], answeredAt: 0, silentSince: 0, backAt: 0, silence: 0, refusal: 0 };

const askNode = async () => {
  const [ready, status, metrics, board] = await Promise.all([ask('/health/ready'), ask('/status'), ask('/metrics'), node.asksBoard ? ask('/demo/board') : null]);
  const now = Date.now();
  node.refusal = status.status === 401 || status.status === 403 ? status.status : 0;
  if (status.status !== 200 || !status.isJson) {
    node.silentSince ||= node.answeredAt || now;
    return;
  }

  if (node.silentSince && node.answeredAt) [node.backAt, node.silence] = [now, now - node.silentSince];
  // Only the demo has a board; a node that was started anew may be one.
  if (node.silentSince || node.status?.startedAtMs !== status.body.startedAtMs) node.asksBoard = true;
  node.silentSince = 0;
  node.answeredAt = now;
  node.status = status.body;
  node.ready = ready.isJson ? ready.body : null;
  if (board) [node.board, node.asksBoard] = [board.isJson ? board.body : null, board.isJson || board.status !== 404];
  node.hasMetrics = metrics.status === 200;
  addSample(now, node.hasMetrics ? readMetrics(metrics.body) : null);
};

// ---- 4 what /metrics says

const counterNames = {
  streaming_events_total: 'events', streaming_recommendations_total: 'lists', streaming_degraded_recommendations_total: 'degraded',
  streaming_churn_alerts_total: 'alerts', streaming_dead_letters_total: 'dead',
};
const FRESHNESS = 'streaming_freshness_seconds_bucket';

/** Counters summed over their labels, and the cumulative freshness buckets by upper bound, s. A counter without a line has counted nothing yet. */
const readMetrics = text => {
  const counters = { events: 0, lists: 0, degraded: 0, alerts: 0, dead: 0 }, buckets = new Map();
  for (const line of text.split('\n')) {
    if (!line.startsWith('streaming_')) continue;
    const end = line.search(/[{ ]/), name = line.slice(0, end), value = Number(line.slice(line.lastIndexOf(' ') + 1));
    if (name in counterNames) counters[counterNames[name]] += value;
    else if (name === FRESHNESS) {
      const le = /le="([^"]+)"/.exec(line)?.[1];
      const bound = le === '+Inf' ? Infinity : Number(le);
      buckets.set(bound, (buckets.get(bound) ?? 0) + value);
    }
  }
  return { counters, buckets: [...buckets].sort((a, b) => a[0] - b[0]) };
};

/** The sample from which a mean over a window that ends now begins; undefined where the node that runs gave none of about that age. */
const windowStart = (now, windowMs) => {
  const recent = node.samples.filter(s => s.at < now - SECOND_MS / 2 && s.at >= now - 2 * windowMs && s.metrics && s.startedAtMs === node.status.startedAtMs);
  return recent.findLast(s => s.at <= now - windowMs) ?? recent[0];
};

/** Counts a second; null where they cannot be told, as after a restart. */
const perSecond = (before, after, ms) => has(before) && has(after) && after >= before ? (after - before) / (ms / 1000) : null;

/** Quantile of what came between two states of a histogram, linear within a bucket, s; null where nothing came, infinite beyond the last bound. */
const quantile = (before, after, q) => {
  const old = new Map(before), added = after.map(([bound, count]) => [bound, count - (old.get(bound) ?? 0)]);
  const all = added.at(-1)?.[1] ?? 0;
  if (all <= 0 || added.some(([, count]) => count < 0)) return null;
  let lower = 0, below = 0;
  for (const [bound, count] of added) {
    if (count >= q * all) return bound === Infinity ? Infinity : lower + (bound - lower) * ((q * all - below) / Math.max(1e-9, count - below));
    [lower, below] = [bound, count];
  }
  return null;
};

const addSample = (at, metrics) => {
  const committed = new Map(node.status.shards.map(s => [s.partition, s.status.committed.events]));
  const sample = { at, startedAtMs: node.status.startedAtMs, metrics, committed, rates: {}, laneRates: new Map(), p50: null, p99: null };
  const from = metrics && windowStart(at, RATE_WINDOW_MS), wide = metrics && windowStart(at, FRESHNESS_WINDOW_MS);
  if (from) {
    for (const name of Object.values(counterNames)) sample.rates[name] = perSecond(from.metrics.counters[name], metrics.counters[name], at - from.at);
    for (const [partition, offset] of committed) sample.laneRates.set(partition, from.committed.get(partition) >= 0 ? perSecond(from.committed.get(partition), offset, at - from.at) : null);
  }
  if (wide) [sample.p50, sample.p99] = [0.5, 0.99].map(q => quantile(wide.metrics.buckets, metrics.buckets, q));
  node.samples = [...node.samples.filter(s => s.at > at - HISTORY_MS - FRESHNESS_WINDOW_MS), sample];
  lastBound = metrics?.buckets.findLast(([bound]) => bound < Infinity)?.[0] ?? lastBound;
};
let lastBound = 60; // s: greatest finite bound of the freshness histogram

/** The last sample, where the node answers. */
const current = () => node.silentSince ? undefined : node.samples.at(-1);

// ---- 5 charts

const CHART = 100; // units of a chart's box each way; it is stretched to its place
const GAP_MS = 4000; // a line breaks where nothing was heard for so long

/** Lines of a series over the last two minutes: one for each stretch without a gap. */
const stretches = (read, now, most) => {
  const parts = [];
  let last;
  for (const sample of node.samples) {
    const value = read(sample), x = CHART * (1 - (now - sample.at) / HISTORY_MS);
    if (value === null || value === undefined || x < 0) { last = undefined; continue; }
    if (!last || sample.at - last.at > GAP_MS) parts.push([]);
    parts.at(-1).push([x, CHART * (1 - Math.min(value, most) / most)]);
    last = sample;
  }
  return parts;
};
const points = part => part.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L');
const line = parts => parts.map(part => part.length > 1 ? 'M' + points(part) : `M${points(part)}h.4`).join('');
const area = parts => parts.filter(part => part.length > 1).map(part => `M${part[0][0].toFixed(2)} ${CHART}L${points(part)}L${part.at(-1)[0].toFixed(2)} ${CHART}z`).join('');

const sparkline = name => {
  const under = draw('path', { class: 'area' }), curve = draw('path', { class: 'curve' }), ground = draw('path', { class: 'rule', d: `M0 ${CHART}H${CHART}` });
  const svg = draw('svg', { class: 'spark', viewBox: `0 -4 ${CHART} ${CHART + 8}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': t('flow.spark', { name }) }, ground, under, curve);
  return {
    node: svg, draw: read => {
      const parts = stretches(read, Date.now(), Math.max(1, ...node.samples.map(read).filter(has)) * 1.05);
      mark(under, 'd', area(parts));
      mark(curve, 'd', line(parts));
    },
  };
};

/** The next greater of 1, 2, 5 times a power of ten. */
const roundUp = value => {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find(step => step * power >= value * 0.999) * power;
};

const freshnessChart = () => {
  const [p50, p99] = ['curve', 'curve late'].map(className => draw('path', { class: className }));
  const svg = draw('svg', { viewBox: `0 0 ${CHART} ${CHART}`, preserveAspectRatio: 'none', role: 'img' }, ...[0, 50, 100].map(y => draw('path', { class: 'rule', d: `M0 ${y}H${CHART}` })), p50, p99);
  const marks = [0, 50, 100].map(top => make('span', { class: 'y', style: `top:${top}%` }));
  const none = span('none'), reader = make('p', { class: 'soft small' });
  const start = make('span', { class: 'x', style: 'left:0' }), end = make('span', { class: 'x', style: 'right:0' }, t('fresh.now'));
  const sign = className => draw('svg', { viewBox: '0 0 22 6', 'aria-hidden': 'true' }, draw('path', { class: className, d: 'M0 3H22' }));
  const [median, tail] = [make('b'), make('b')];
  const legend = make('div', { class: 'legend' }, make('div', {}, sign('curve'), t('fresh.p50'), median), make('div', {}, sign('curve late'), t('fresh.p99'), tail));
  const text = seconds => seconds === Infinity ? t('fresh.over', { time: duration(lastBound) }) : duration(seconds);
  return {
    node: make('div', {}, legend, make('div', { class: 'plot' }, svg, ...marks, start, end, none), reader), update: () => {
      const now = Date.now(), cut = read => sample => has(read(sample)) || read(sample) === Infinity ? Math.min(read(sample), lastBound) : null;
      const [low, high] = [cut(s => s.p50), cut(s => s.p99)];
      const values = node.samples.filter(s => s.at > now - HISTORY_MS).map(high).filter(has);
      const most = roundUp(Math.max(0.01, ...values));
      mark(p50, 'd', line(stretches(low, now, most)));
      mark(p99, 'd', line(stretches(high, now, most)));
      marks.forEach((element, i) => put(element, duration(most * (1 - i / 2))));
      put(start, format('RelativeTimeFormat', { style: 'short' }).format(-HISTORY_MS / 60_000, 'minute'));
      put(none, values.length ? '' : t(!node.hasMetrics ? 'fresh.noMetrics' : node.samples.at(-1)?.metrics?.buckets.length ? 'fresh.none' : 'fresh.never'));
      put(reader, node.board?.recommendations > 0 ? t('fresh.demo', { p50: duration(node.board.p50Ms / 1000), p99: duration(node.board.p99Ms / 1000) }) : '');
      put(median, text(current()?.p50));
      put(tail, text(current()?.p99));
      mark(svg, 'aria-label', t('fresh.chart', { p50: median.textContent, p99: tail.textContent }));
    },
  };
};

// ---- 6 the views: each gives { nodes, update(), close?() }

const selfAddress = () => node.status.members.find(m => m.isSelf)?.address;

/** Every partition: those of this node with their status, the others without. */
const lanes = () => {
  const here = new Map(node.status.shards.map(s => [s.partition, s.status]));
  const partitions = Array.from({ length: node.status.partitions }, (_, i) => i);
  return [...new Set([...partitions, ...here.keys()])].map(partition => ({ partition, status: here.get(partition) }));
};
const placeText = lane => {
  if (lane.status) return selfAddress() ? t('lane.here', { address: selfAddress() }) : t('lane.hereAlone');
  return t(node.status.members.some(m => !m.isSelf && m.roles.includes('worker')) ? 'lane.elsewhere' : 'lane.nowhere');
};

const laneRow = () => {
  const [sign, name, rate, where, lag, bar] = [glyph('ring', 'idle'), span(), span('rate'), span('where soft small id'), span('small'), meter()];
  return {
    node: make('li', { class: 'card lane' }, sign, name, rate, make('div', { class: 'lag' }, bar.node, lag), where), update: lane => {
      const phase = lane.status?.phase ?? 'elsewhere', perS = current()?.laneRates.get(lane.partition);
      setPhase(sign, phase);
      put(name, `${t('lane.name', { n: lane.partition })} · ${coded('phase', phase)}`);
      put(rate, lane.status ? rateText(perS) + t('flow.perSecond') : '');
      put(where, placeText(lane));
      put(lag, lane.status ? t('lane.lag', { n: lane.status.lagEvents }) : t('lane.noLag'));
      bar.node.hidden = !lane.status;
      bar.set(lane.status ? lane.status.lagEvents / Math.max(LEAST_LAG_SCALE, ...node.status.shards.map(s => s.status.lagEvents)) : 0);
    },
  };
};

/** A card of one stream: events a second, the last two minutes, the sum. */
const streamCard = (title, name, className) => {
  const [rate, foot, more, spark] = [span(), box('foot'), box('soft small'), sparkline(t(title))];
  return {
    node: make('section', { class: `card ${className}` }, make('h2', { class: 'label' }, t(title)), make('div', { class: 'figure' }, rate, make('small', {}, t('flow.perSecond'))), spark.node, foot, more), update: () => {
      const counters = node.samples.at(-1)?.metrics?.counters;
      put(rate, rateText(current()?.rates[name]));
      spark.draw(sample => sample.rates[name]);
      put(foot, counters ? t('flow.total', { n: counters[name] }) : t('flow.noMetrics'));
      put(more, counters && name === 'lists' ? t('flow.degraded', { n: counters.degraded }) : '');
    },
  };
};

/** A pipe with drops that run as fast as what it carries. */
const pipe = () => {
  const [under, drops] = [draw('path', { class: 'pipe' }), draw('path', { class: 'drops' })];
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const run = still ? null : drops.animate({ strokeDashoffset: [16, 0] }, { duration: 1000, iterations: Infinity });
  return {
    parts: [under, drops], place: d => { mark(under, 'd', d); mark(drops, 'd', d); }, carry: perS => {
      drops.style.opacity = perS > 0 ? 1 : 0;
      if (!run) return;
      if (perS > 0) { run.updatePlaybackRate(Math.min(3, 0.4 + 0.6 * Math.log10(1 + perS))); if (run.playState === 'paused') run.play(); } else run.pause();
    },
  };
};
const fan = () => {
  const svg = draw('svg', { viewBox: `0 0 ${CHART} ${CHART}`, preserveAspectRatio: 'none' });
  const pipes = new Map();
  return {
    node: make('div', { class: 'fan', 'aria-hidden': 'true' }, svg), lay: wanted => {
      for (const [key, { parts }] of pipes) if (!wanted.some(w => w.key === key)) { parts.forEach(p => p.remove()); pipes.delete(key); }
      for (const { key, d, perS } of wanted) {
        if (!pipes.has(key)) { pipes.set(key, pipe()); svg.append(...pipes.get(key).parts); }
        pipes.get(key).place(d);
        pipes.get(key).carry(perS);
      }
    },
  };
};
const bend = (x1, y1, x2, y2) => `M${x1} ${y1.toFixed(1)}C${(x1 + x2) / 2} ${y1.toFixed(1)} ${(x1 + x2) / 2} ${y2.toFixed(1)} ${x2} ${y2.toFixed(1)}`;

const flowView = () => {
  const [into, left, right] = [streamCard('flow.in', 'events', 'in'), fan(), fan()];
  const outputs = [streamCard('flow.lists', 'lists', ''), streamCard('flow.alerts', 'alerts', ''), streamCard('flow.dead', 'dead', '')], names = ['lists', 'alerts', 'dead'];
  const laneList = make('ul', { class: 'lanes' }), noLanes = make('p', { class: 'soft' });
  const middle = make('div', { style: 'align-self:center;min-width:0' }, laneList, noLanes);
  const picture = make('div', { class: 'flow' }, into.node, left.node, middle, right.node, make('div', { class: 'out' }, ...outputs.map(o => o.node)));
  const [chart, checks, facts] = [freshnessChart(), make('ul', { class: 'rows' }), pairs('facts', ['facts.items', 'facts.catalog', 'facts.sessions', 'facts.model', 'facts.store', 'facts.since', 'facts.version'])];

  // Heights of the middles of elements, in a hundred parts of the picture's: pipes end there.
  const middles = elements => {
    const all = picture.getBoundingClientRect();
    return elements.map(e => e.getBoundingClientRect()).map(r => CHART * (r.top + r.height / 2 - all.top) / Math.max(1, all.height));
  };
  const layPipes = () => {
    const rates = current()?.rates ?? {}, isCompact = laneList.classList.contains('many');
    const ends = isCompact ? [{ key: 'all', y: 50, perS: rates.events }] : middles([...laneList.children]).map((y, i) => ({ key: i, y, perS: current()?.laneRates.get(lanes()[i].partition) }));
    left.lay(ends.map(({ key, y, perS }) => ({ key, d: bend(0, 50, 100, y), perS })));
    const mouths = middles(outputs.map(o => o.node)).map((y, i) => ({ key: names[i], d: bend(50, 50, 100, y), perS: rates[names[i]] }));
    right.lay([...ends.map(({ key, y, perS }) => ({ key, d: bend(0, y, 50, 50), perS })), ...mouths]);
  };
  const update = () => {
    if (!node.status) return;
    const all = lanes();
    laneList.classList.toggle('many', all.length >= COMPACT_LANES_FROM);
    reconcile(laneList, all, lane => lane.partition, laneRow);
    put(noLanes, all.length ? '' : t('flow.noShards'));
    for (const part of [into, ...outputs, chart]) part.update();
    layPipes();
    reconcile(checks, node.ready?.checks ?? [], check => check.name, checkRow);
    showFacts(facts.set);
  };
  return { nodes: [head('flow.title', 'flow.lead'), picture, make('div', { class: 'two' }, card('fresh.title', note('fresh.lead', 'soft small under'), chart.node), card('ready.title', checks)), card('facts.title', facts.node)], update };
};
const checkRow = () => {
  const [sign, text] = [glyph('ring', 'idle'), span('grow id')];
  return { node: make('li', {}, sign, text), update: check => { setGlyph(sign, check.isReady ? 'tick' : 'cross', check.isReady ? 'good' : 'bad'); put(text, checkText(check)); } };
};
const showFacts = set => {
  const { items, model, store, version, startedAtMs } = node.status;
  set({
    'facts.items': number(items.items), 'facts.catalog': number(items.catalogItems), 'facts.sessions': number(items.sessions),
    'facts.model': model ?? t('facts.noModel'), 'facts.store': store, 'facts.since': dayAndTime(startedAtMs), 'facts.version': version,
  });
};

// -- one user

const userPath = (id, kind) => `#/user/${encodeURIComponent(id)}${kind === 'any' ? '' : `?kind=${kind}`}`;
const keyLink = key => make('a', { href: userPath(key.slice(2), key.startsWith('a:') ? 'guest' : 'user'), class: 'id' }, key.slice(2));
const setLinks = (parent, keys) => { if (parent.dataset.keys !== JSON.stringify(keys)) { parent.replaceChildren(...keys.flatMap((key, i) => i ? [t('and'), keyLink(key)] : [keyLink(key)])); parent.dataset.keys = JSON.stringify(keys); } };

const barRow = () => {
  const [name, bar, value] = [span('id'), meter(), span('end')];
  return { node: make('li', {}, name, bar.node, value), update: row => { put(name, row.name); bar.set(row.share); put(value, row.text); } };
};
/** Bars of non-negative values, each as a share of the greatest. */
const setBars = (parent, rows) => {
  const most = Math.max(0, ...rows.map(r => r.value).filter(has));
  reconcile(parent, rows.map(r => ({ ...r, share: most > 0 ? r.value / most : 0 })), r => r.name, barRow);
};
const actionRow = (_, isLater) => {
  const [when, what, item] = [span('when'), span('what'), span('grow id')];
  return { node: make('li', { class: isLater ? 'fresh' : '' }, when, what, item), update: a => { put(when, ago(a.atMs)); put(what, coded('type', a.type)); put(item, a.itemId); } };
};

const alertReasons = why => listed(why.split(', ').map(part => {
  const match = /^(.+?) ([\d.]+)$/.exec(part), key = match && `alert.${match[1].replaceAll(' ', '_')}`;
  return key in words ? t(key, { n: number(Number(match[2]), 1) }) : t('quoted', { text: part });
}));
/** What of the profile speaks for the risk; the engine's own reasons come with an alert alone. */
const riskReasons = (profile, alert) => {
  if (!has(profile.churnRisk)) return t('user.risk.none');
  if (alert) return t('user.risk.alert', { why: alertReasons(alert.why) });
  const facts = profile.occasions === 1 ? [t('user.risk.single')] : [];
  const last = profile.latest.find(a => a.type === 'purchase');
  if (last) facts.push(t('user.risk.silence', { ago: ago(last.atMs) }));
  const gaps = last && profile.meanGapDays > 0 ? (Date.now() - last.atMs) / 86_400_000 / profile.meanGapDays : 0;
  if (gaps >= 0.1) facts.push(t('user.risk.ratio', { n: number(gaps, 1) }));
  return (facts.length ? t('user.risk.facts', { why: listed(facts) }) + ' ' : '') + t('user.risk.unsaid');
};

const profileCard = () => {
  const [kind, name, session] = [span('tag'), make('strong', { class: 'id' }), span('tag')];
  const degraded = make('p', { class: 'notice busy' }, glyph('triangle', 'busy'), t('user.degraded'));
  const rhythm = pairs('pairs', ['user.first', 'user.last', 'user.events', 'user.consent', 'user.place']), bought = pairs('pairs', ['user.occasions', 'user.amount', 'user.gap']);
  const [linked, guests] = [make('dd'), make('dd')], ties = [['user.linked', linked], ['user.guests', guests]].map(([key, links]) => make('dl', { class: 'pairs tie' }, make('dt', {}, t(key)), links));
  const [types, interests, horizons, actions] = ['bars', 'bars', 'bars', 'rows actions'].map(className => make('ul', { class: className }));
  const [never, noInterests, noActions, why, raw, riskBar] = [note('user.never'), note('user.interests.none'), note('user.actions.none'), make('p', { class: 'soft small why' }), make('pre', { tabindex: 0, translate: 'no' }), meter()];
  const risk = make('p');
  const rawPart = make('details', {}, make('summary', {}, t('user.raw')), raw);
  const part = (title, ...children) => make('div', { class: 'part' }, make('h2', {}, t(title)), ...children);
  actions.tabIndex = 0;
  actions.setAttribute('aria-label', t('user.actions'));
  const root = make('section', { class: 'card' }, make('div', { class: 'who' }, kind, name, session), degraded, rhythm.node, ...ties,
    part('user.risk', risk, riskBar.node, why), part('user.purchases', never, bought.node), part('user.rhythm', types),
    part('user.interests', note('user.interests.lead', 'soft small under'), noInterests, interests, make('div', { style: 'height:8px' }), horizons), make('div', { class: 'part' }, rawPart));
  const latest = card('user.actions', noActions, actions);

  const update = p => {
    const isGuest = p.key.startsWith('a:'), id = p.key.slice(2), alert = node.board?.alerts.find(a => a.user === id);
    put(kind, t(isGuest ? 'user.isGuest' : 'user.isUser'));
    put(name, id);
    put(session, p.sessionEvents > 0 ? t('user.session', { n: p.sessionEvents }) : t('user.noSession'));
    mark(session, 'class', p.sessionEvents > 0 ? 'tag good' : 'tag');
    degraded.hidden = !p.degraded;
    rhythm.set({
      'user.first': p.firstEventMs > 0 ? `${ago(p.firstEventMs)} (${dayAndTime(p.firstEventMs)})` : t('none'), 'user.last': p.lastEventMs > 0 ? ago(p.lastEventMs) : t('none'),
      'user.events': number(p.eventCount), 'user.consent': listed(p.consent.split(', ').filter(Boolean).map(c => coded('consent', c))) || t('none'),
      'user.place': has(p.partition) ? t('user.place.text', { n: p.partition, m: p.appliedEvents }) : t('none'),
    });
    ties[0].hidden = !p.linkedTo;
    ties[1].hidden = p.guests.length === 0;
    setLinks(linked, p.linkedTo ? [p.linkedTo] : []);
    setLinks(guests, p.guests);
    put(risk, has(p.churnRisk) ? t('user.risk.text', { n: percent(p.churnRisk) }) : '');
    risk.hidden = riskBar.node.hidden = !has(p.churnRisk);
    riskBar.set(p.churnRisk);
    put(why, riskReasons(p, alert));
    never.hidden = p.occasions > 0;
    bought.node.hidden = p.occasions === 0;
    bought.set({
      'user.occasions': number(p.occasions), 'user.amount': t('user.amount.text', { n: number(p.amount, 2, 2) }),
      'user.gap': has(p.meanGapDays) ? t('user.gap.text', { n: Number(p.meanGapDays.toFixed(1)) }) : t('user.gap.none'),
    });
    setBars(types, Object.entries(p.counts).sort((a, b) => b[1] - a[1]).map(([type, count]) => ({ name: coded('type', type), value: count, text: number(count) })));
    setBars(interests, p.interests.map((interest, i) => ({ name: t('user.interest', { n: i + 1 }), value: interest.weight, text: number(interest.weight, 1, 1) })));
    setBars(horizons, p.vectorNorms.slice(0, 3).map((norm, i) => ({ name: t(`user.horizon.${i}`), value: norm, text: number(norm, 1, 1) })));
    noInterests.hidden = p.interests.length > 0;
    noActions.hidden = p.latest.length > 0;
    actions.hidden = p.latest.length === 0;
    reconcile(actions, p.latest.slice(0, ACTIONS_SHOWN), a => JSON.stringify([a.atMs, a.type, a.itemId]), actionRow);
    if (rawPart.open) put(raw, JSON.stringify(p, null, 2));
    rawPart.ontoggle = () => put(raw, JSON.stringify(p, null, 2));
  };
  return { node: root, latest, update };
};

const reasonText = item => item.because && `reason.${item.reason}.of` in words ? t(`reason.${item.reason}.of`, { item: item.because }) : coded('reason', item.reason);
const listCard = () => {
  const [places, foot, missing] = [make('ol', { class: 'rows places' }), make('p', { class: 'soft small part' }), make('p', { class: 'notice' })];
  let ranks = new Map(), shown = '', moves = new Map();
  const placeRow = (_, isLater) => {
    const [rank, item, why, score, moved] = [span('rank'), box('id'), box('soft small id'), span('end soft small'), span('moved soft')];
    return {
      node: make('li', { class: isLater ? 'fresh' : '' }, rank, make('div', { class: 'grow' }, item, why), moved, score), update: i => {
        put(rank, number(i.rank));
        put(item, i.itemId);
        put(why, reasonText(i));
        put(score, t('lists.score', { n: number(i.score, 3, 3) }));
        put(moved, moves.get(i.itemId) ?? '');
      },
    };
  };
  // Marks stay until the list changes again.
  const noteMoves = items => {
    const order = JSON.stringify(items.map(i => i.itemId));
    if (order === shown) return;
    moves = new Map(shown === '' ? [] : items.map(i => {
      const before = ranks.get(i.itemId);
      return [i.itemId, before === undefined ? t('lists.new') : before > i.rank ? `▲ ${number(before - i.rank)}` : before < i.rank ? `▼ ${number(i.rank - before)}` : ''];
    }));
    [shown, ranks] = [order, new Map(items.map(i => [i.itemId, i.rank]))];
  };
  return {
    node: card('lists.title', note('lists.lead', 'soft small under'), missing, places, foot), update: (list, why) => {
      put(missing, why ? t('lists.silent', { why }) : '');
      missing.hidden = !why;
      if (!list) return;
      noteMoves(list.items);
      reconcile(places, list.items, i => i.itemId, placeRow);
      put(foot, [list.modelVersion ? t('lists.model', { model: list.modelVersion }) : t('lists.noModel'), list.degraded ? t('lists.degraded', { why: coded('degraded', list.degraded) }) : ''].join(' '));
    },
  };
};

/** Why there is no answer, in words; empty where there is one. */
const trouble = answer => answer.status === 200 && answer.isJson ? ''
  : answer.status === 0 || answer.status === 200 ? t('user.silent') : `user.${answer.status}` in words ? t(`user.${answer.status}`) : t('user.other', { status: String(answer.status) });

const userView = ({ id, kind }) => {
  const input = make('input', { name: 'id', required: '', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' });
  const choice = make('select', { name: 'kind' }, ...['any', 'user', 'guest'].map(value => make('option', { value }, t(`user.kind.${value}`))));
  [input.value, choice.value] = [id, kind];
  const submit = event => {
    event.preventDefault();
    // The form that ids have in the engine.
    const wanted = input.value.trim().normalize('NFC').toWellFormed();
    if (wanted) location.hash = userPath(wanted, choice.value);
  };
  const form = make('form', { onsubmit: submit, role: 'search' }, make('label', { class: 'wide' }, t('user.id'), input), make('label', {}, t('user.kind'), choice), make('button', { class: 'primary' }, t('user.look')));
  const notice = make('p', { class: 'notice', role: 'status' }, id === '' ? t('user.hint') : t('user.asking'));
  const [profile, list] = [profileCard(), listCard()], both = make('div', { class: 'two even', hidden: '' }, profile.node, make('div', { class: 'stay' }, list.node, profile.latest));
  const base = { nodes: [head('user.title', 'user.lead'), form, notice, both], update: () => {} };
  if (id === '') return base;
  if (id === '.' || id === '..') { put(notice, t('user.dots')); return base; }

  let isClosed = false, isHeld = false;
  const refresh = async () => {
    const [path, guest] = [encodeURIComponent(id), kind === 'any' ? [] : [`guest=${kind === 'guest'}`]];
    const [found, offered] = await Promise.all([ask([`/users/${path}`, ...guest].join('?')), ask([`/recommendations/${path}?count=${LIST_LENGTH}`, ...guest].join('&'))]);
    if (isClosed) return;
    // A profile whose row could not be read comes with 503 and says so itself.
    const isFound = found.isJson && (found.status === 200 || found.body.degraded === true), why = isFound ? '' : trouble(found);
    if (isFound) profile.update(found.body);
    isHeld = isFound || (isHeld && found.status !== 404);
    put(notice, isHeld && why ? `${why} ${t('user.kept')}` : why);
    notice.hidden = !why;
    profile.node.hidden = profile.latest.hidden = !isHeld;
    both.hidden = !isHeld && trouble(offered) !== '';
    list.update(trouble(offered) ? null : offered.body, trouble(offered));
    return found.status === 404 ? UNKNOWN_PAUSE_MS : undefined;
  };
  const end = everySecond(refresh);
  return { ...base, close: () => { isClosed = true; end(); } };
};

// -- shards and nodes

const columns = ['phase', 'committed', 'durable', 'lag', 'memory', 'packed', 'unsaved', 'held', 'lost'];
const offsetText = offset => offset < 0 ? t('shards.never') : number(offset);
const shardBody = () => {
  const cells = Object.fromEntries(columns.slice(1).map(c => [c, make('td', { class: 'n', 'data-label': t(`shards.${c}`) })]));
  const [name, sign, phase] = [make('th', { scope: 'row' }), glyph('ring', 'idle'), span()];
  const [error, lost, defers, takeOver] = [box('bad-text id'), box('id'), make('div', {}, t('shards.defers')), box()];
  const body = make('tbody', {}, make('tr', {}, name, make('td', { 'data-label': t('shards.phase') }, make('span', { class: 'phase' }, sign, phase)), ...Object.values(cells)),
    make('tr', { class: 'more' }, make('td', { colspan: columns.length + 1 }, make('div', {}, error, lost, defers, takeOver))));
  return {
    node: body, update: ({ partition, status: s }) => {
      put(name, t('lane.name', { n: partition }));
      setPhase(sign, s.phase);
      put(phase, coded('phase', s.phase));
      const texts = { committed: offsetText(s.committed.events), durable: offsetText(s.durable.events), lag: number(s.lagEvents), memory: number(s.residentUsers), packed: number(s.compactUsers), unsaved: number(s.dirtyUsers), held: number(s.parkedUsers), lost: number(s.lostUserCount) };
      for (const [column, text] of Object.entries(texts)) put(cells[column], text);
      put(error, s.error ? t('shards.error', { text: t('quoted', { text: s.error }) }) : '');
      put(lost, s.lostUsers.length ? t('shards.lostNames', { names: listed(s.lostUsers) }) : '');
      put(takeOver, takeOverText(s.takeOver));
      defers.hidden = !s.defersDues;
    },
  };
};
const memberRow = () => {
  const [address, roles, status, sign, heartbeat] = [make('td', { class: 'id', 'data-label': t('members.address') }), make('td', { 'data-label': t('members.roles') }), make('td', { 'data-label': t('members.status') }), glyph('ring', 'idle'), span()];
  return {
    node: make('tr', {}, address, roles, status, make('td', { 'data-label': t('members.heartbeat') }, make('span', { class: 'phase' }, sign, heartbeat))), update: m => {
      put(address, m.isSelf ? t('members.self', { address: m.address }) : m.address);
      put(roles, listed(m.roles.map(r => coded('role', r))));
      put(status, coded('member', m.status));
      setGlyph(sign, m.reachable ? 'tick' : 'cross', m.reachable ? 'good' : 'bad');
      put(heartbeat, t(m.reachable ? 'members.reachable' : 'members.unreachable'));
    },
  };
};
const shardsView = () => {
  const header = (keys, right) => make('thead', {}, make('tr', {}, ...keys.map((key, i) => make('th', { scope: 'col', class: i >= right ? 'n' : '' }, t(key)))));
  const shards = make('table', { class: 'wide-table' }, header(['shards.shard', ...columns.map(c => `shards.${c}`)], 2)), here = make('p', { class: 'soft small' });
  const members = make('tbody'), noMembers = note('members.none');
  const held = make('div', { style: 'display:contents' });
  const update = () => {
    if (!node.status) return;
    const { shards: lines, partitions, members: all } = node.status;
    reconcile(shards, [...lines].sort((a, b) => a.partition - b.partition), line => line.partition, shardBody, 1); // behind the table's head
    put(here, lines.length === 0 ? t('shards.none') : lines.length < partitions ? t('shards.here', { n: lines.length, m: partitions }) : '');
    here.hidden = here.textContent === '';
    reconcile(members, all, m => m.address, memberRow);
    noMembers.hidden = all.length > 0;
  };
  held.append(make('div', { class: 'card', style: 'margin-bottom:20px' }, shards, here), card('members.title', make('table', { class: 'members' }, header(['members.address', 'members.roles', 'members.status', 'members.heartbeat'], 4), members), noMembers));
  return { nodes: [head('shards.title', 'shards.lead'), held], update };
};

// -- the demo

const listReason = text => {
  if (text.startsWith('degraded: ')) return t('lists.degraded', { why: coded('degraded', text.slice('degraded: '.length)) });
  const code = Object.keys(words).find(key => /^reason\.\w+$/.test(key) && text.startsWith(key.slice('reason.'.length).replaceAll('_', ' ')));
  if (!code) return t('quoted', { text });
  return reasonText({ reason: code.slice('reason.'.length), because: text.slice(code.length - 'reason.'.length + 1) });
};
const boardRow = () => {
  const [user, what, why, end] = [make('a', { class: 'id' }), box('id two-lines'), box('soft small id'), span('end')];
  return {
    node: make('li', {}, make('div', { class: 'grow' }, user, what, why), end), update: row => {
      put(user, row.user);
      mark(user, 'href', userPath(row.user, 'any'));
      put(what, row.items ? row.items.join(' · ') : '');
      what.hidden = !row.items;
      put(why, row.items ? listReason(row.reason) : alertReasons(row.why));
      put(end, has(row.risk) ? percent(row.risk) : '');
    },
  };
};
const demoView = () => {
  const facts = pairs('facts', ['demo.events', 'demo.lists', 'demo.alerts', 'demo.dead', 'demo.fresh']);
  const [latest, leaving] = [make('ul', { class: 'rows board' }), make('ul', { class: 'rows board short' })], missing = make('p', { class: 'notice' }, t('demo.missing'));
  const [wait, waitAlerts] = [note('demo.wait'), note('demo.wait')], [base, openApi, who] = [make('code'), make('a'), span()];
  const api = make('p', {}, t('demo.api'), ' ', base, ' · ', openApi, ' · ', who);
  const content = make('div', {}, make('div', { class: 'card', style: 'margin-bottom:20px' }, facts.node), make('div', { class: 'card', style: 'margin-bottom:20px' }, api), make('div', { class: 'two even' }, card('demo.latest', wait, latest), card('demo.leaving', waitAlerts, leaving)));
  const update = () => {
    const { board } = node;
    missing.hidden = Boolean(board) || !node.status;
    content.hidden = !board;
    if (!board) return;
    const served = node.status?.api;
    api.parentElement.hidden = !served;
    if (served) {
      put(base, location.origin + served.path);
      put(openApi, t('demo.openApi'));
      mark(openApi, 'href', served.openApi);
      put(who, t(served.needsKey ? 'demo.needsKey' : 'demo.noKey'));
    }
    facts.set({
      'demo.events': number(board.events), 'demo.lists': number(board.recommendations), 'demo.alerts': number(board.churnAlerts), 'demo.dead': number(board.deadLetters),
      'demo.fresh': board.recommendations > 0 ? `${duration(board.p50Ms / 1000)} / ${duration(board.p99Ms / 1000)}` : t('none'),
    });
    reconcile(latest, board.latest, (_, i) => i, boardRow);
    reconcile(leaving, board.alerts, (_, i) => i, boardRow);
    wait.hidden = board.latest.length > 0;
    waitAlerts.hidden = board.alerts.length > 0;
  };
  return { nodes: [head('demo.title', 'demo.lead'), missing, content], update };
};

// ---- 7 routes and switches

const views = { flow: flowView, user: userView, shards: shardsView, demo: demoView };
let view, shownHash;

const decoded = text => { try { return decodeURIComponent(text); } catch { return text; } }; // an address typed by hand may be no encoding
const route = () => {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id = ''] = [path.split('/')[0], path.slice(path.indexOf('/') + 1)];
  const kind = new URLSearchParams(query).get('kind');
  return { name: name in views ? name : 'flow', id: path.includes('/') ? decoded(id) : '', kind: ['user', 'guest'].includes(kind) ? kind : 'any' };
};

const navLink = name => {
  const link = make('a', { href: name === 'flow' ? '#/' : `#/${name}` }, t(`nav.${name}`));
  return { node: link, update: () => { if (name === route().name) mark(link, 'aria-current', 'page'); else link.removeAttribute('aria-current'); } };
};
const showNav = () => {
  const names = Object.keys(views).filter(name => name !== 'demo' || node.board || route().name === 'demo');
  reconcile(byId('nav'), names, name => name + language, navLink);
};

const stateNow = () => {
  if (node.refusal) return ['cross', 'bad', t('state.refused', { status: String(node.refusal) })];
  if (node.silentSince) return ['triangle', 'bad', node.answeredAt ? t('state.silent', { time: clock(node.silentSince) }) : t('state.never')];
  if (!node.status) return ['ring', 'idle', t('state.first')];
  const back = node.backAt > Date.now() - BACK_SHOWN_MS ? ' · ' + t('state.back', { time: duration(Math.round(node.silence / 1000)) }) : '';
  if (node.ready?.isReady) return ['tick', 'good', t('state.ready') + back];
  return ['triangle', 'busy', t('state.unready', { why: listed((node.ready?.checks ?? []).filter(c => !c.isReady).map(checkText), 'semicolon') }) + back];
};
const showState = () => {
  const [shape, colour, text] = stateNow();
  setGlyph(byId('stateGlyph'), shape, colour);
  put(byId('state'), text);
  byId('main').classList.toggle('stale', node.silentSince > 0);
};

const show = () => {
  showState();
  showNav();
  view?.update();
};
const open = isNavigation => {
  view?.close?.();
  shownHash = location.hash;
  const { name, ...wanted } = route();
  view = views[name](wanted);
  byId('main').replaceChildren(...view.nodes);
  document.title = `${name === 'user' && wanted.id ? wanted.id : t(`nav.${name}`)} · streaming`;
  show();
  if (isNavigation) { scrollTo(0, 0); byId('main').querySelector('h1').focus(); }
};

const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
const labelSwitches = () => {
  document.documentElement.lang = language;
  put(byId('skip'), t('skip'));
  mark(byId('nav'), 'aria-label', t('nav.label'));
  put(byId('language'), t('language.other'));
  mark(byId('language'), 'lang', language === 'en' ? 'zh-CN' : 'en');
  put(byId('theme'), t(isDark() ? 'theme.light' : 'theme.dark'));
};
const start = () => {
  const theme = remembered('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  byId('skip').addEventListener('click', event => { event.preventDefault(); byId('main').focus(); }); // its address would be a route
  byId('language').addEventListener('click', () => {
    remember('language', language = language === 'en' ? 'zh-CN' : 'en');
    labelSwitches();
    open(false);
  });
  byId('theme').addEventListener('click', () => {
    remember('theme', document.documentElement.dataset.theme = isDark() ? 'light' : 'dark');
    labelSwitches();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', labelSwitches);
  addEventListener('hashchange', () => { if (location.hash !== shownHash) open(true); });
  labelSwitches();
  open(false);
  everySecond(async () => { await askNode(); show(); });
};
start();
