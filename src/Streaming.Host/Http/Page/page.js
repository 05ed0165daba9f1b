// Asks the node every second; everything is written as text, never as markup.
const byId = id => document.getElementById(id);
const number = value => Number(value ?? 0).toLocaleString('en');

const row = cells => {
  const line = document.createElement('tr');
  for (const cell of cells) line.append(Object.assign(document.createElement('td'), { textContent: cell ?? '' }));
  return line;
};

const numbers = pairs => byId('numbers').replaceChildren(...pairs.map(([name, value]) => {
  const block = Object.assign(document.createElement('span'), { textContent: name });
  block.className = 'soft';
  block.prepend(Object.assign(document.createElement('b'), { textContent: value }));
  return block;
}));

const get = async path => {
  const answer = await fetch(path);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined;
};

const refresh = async () => {
  try {
    const [ready, status, demo] = await Promise.all([get('/health/ready'), get('/status'), get('/demo/board')]);
    byId('state').textContent = ready.isReady ? '· ready' : '· ' + ready.checks.filter(c => !c.isReady).map(c => `${c.name}: ${c.detail}`).join(', ');
    byId('shards').replaceChildren(...status.shards.map(({ partition, status: s }) =>
      row([partition, s.phase, number(s.committed.events), number(s.durable.events), number(s.lagEvents), number(s.residentUsers), s.error])));
    const shown = [['items', number(status.items.items)], ['model', status.model ?? 'none'], ['store', status.store]];
    if (demo) {
      shown.unshift(['events', number(demo.events)], ['recommendations', number(demo.recommendations)], ['churn alerts', number(demo.churnAlerts)], ['p50 / p99', `${number(demo.p50Ms)} / ${number(demo.p99Ms)} ms`]);
      byId('latest').hidden = false;
      byId('lists').replaceChildren(...demo.latest.map(l => row([l.user, l.items.join(' · '), l.reason])));
      byId('alerts').replaceChildren(...demo.alerts.map(a => row([a.user, `${Math.round(a.risk * 100)} %`, a.why])));
    }
    numbers(shown);
  } catch (error) {
    byId('state').textContent = '· does not answer';
  }
  setTimeout(refresh, 1000);
};

byId('find').addEventListener('submit', async event => {
  event.preventDefault();
  const answer = await fetch('/users/' + encodeURIComponent(byId('id').value));
  byId('user').hidden = false;
  byId('user').textContent = answer.ok ? JSON.stringify(await answer.json(), null, 2)
    : ({ 404: 'No such user.', 503: 'The shard does not run now; try again.', 504: 'No answer in time.' })[answer.status] ?? `The node answered ${answer.status}.`;
});

refresh();
