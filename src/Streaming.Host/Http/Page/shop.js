// A shop whose visitor is you. Everything is written as text, never as markup; pictures are drawn here from a product's kind and style.
const byId = id => document.getElementById(id);
const stored = (key, value) => value === undefined ? localStorage.getItem('shop.' + key) : value === null ? localStorage.removeItem('shop.' + key) : localStorage.setItem('shop.' + key, value);
const make = (name, fields = {}, ...children) => {
  const { aria, ...own } = fields;
  const element = Object.assign(document.createElement(name), own);
  for (const [key, value] of Object.entries(aria ?? {})) element.setAttribute('aria-' + key, value);
  element.append(...children.filter(child => child !== undefined && child !== null));
  return element;
};

const texts = {
  en: {
    name: 'Corner & Co.', about: 'the streaming demo’s sample shop', skip: 'To the products', search: 'Search', searchFor: 'Search for products', other: '中文', auto: 'Light or dark as the system', light: 'Light', dark: 'Dark',
    login: 'Log in', logout: id => `${id} · log out`, cart: n => `Cart (${n})`, all: 'Everything', more: 'All of it', offer: 'Recommended for you', popular: 'Popular in the shop', notPersonal: 'not personal: you did not consent',
    topic: 'read from Kafka', query: 'first visit: the engine was asked directly', waiting: 'waiting for the engine …', degraded: why => `poorer than it should be: ${why}`,
    because_viewed: x => `because you viewed ${x}`, bought_together: x => `bought together with ${x}`, sessions_like_yours: x => `visitors who, as you, looked at ${x}`, near_your_interests: x => `close to ${x}, which you like`, buy_again: x => `you bought ${x} before`,
    because_viewed0: 'because of what you viewed', bought_together0: 'goes with what you bought', sessions_like_yours0: 'from visits like yours', near_your_interests0: 'close to your interests', buy_again0: 'time to buy it again', popular_now: 'popular now', trending_now: 'rising now',
    notInterested: 'Not interested', not: x => `Not interested in ${x}`, add: 'Add to cart', added: 'In the cart', variants: 'Also as', by: (brand, style) => `${brand} · ${style}`, empty: 'Your cart is empty.', sum: 'Total', buy: 'Buy', bought: 'Thank you. The engine knows what you bought.', back: 'Go on looking',
    less: x => `One less: ${x}`, one: x => `One more: ${x}`, found: (n, q) => `${n} for “${q}”`, none: 'Nothing like that here.', gone: 'There is no such product.', engine: 'What the engine saw', you: id => `You are ${id}. `, profile: 'Your profile as the engine keeps it',
    sent: 'sent', kafka: 'Kafka has it', list: 'list is back', screen: (what, ms) => `${what} → new list on screen in ${ms} ms`, nothing: 'Click a product and watch.', failed: 'does not answer', consent: 'What the engine may do',
    personalise: 'recommend from what I do', measure: 'count me for everybody', market: 'tell marketing about me', says: flags => `The engine holds: ${flags}.`, saysNothing: 'You said nothing yet; in this demo that counts as yes.', asking: 'Telling the engine …', All: 'all three', None: 'none of them', Personalise: 'recommend', Measure: 'count', Market: 'marketing',
    loginTitle: 'Log in', loginAbout: 'No password: the shop writes an identify event, and what this browser did becomes this customer’s.', loginId: 'Customer id', cancel: 'Cancel', regulars: 'Customers with a past:',
    view: 'view', click: 'click', add_to_cart: 'add to cart', remove_from_cart: 'remove from cart', purchase: 'purchase', not_interested: 'not interested', searchEvent: 'search', identify: 'identify', consentEvent: 'consent',
  },
  zh: {
    name: '街角小店', about: 'streaming 演示的示例商店', skip: '跳到商品', search: '搜索', searchFor: '搜索商品', other: 'English', auto: '明暗：跟随系统', light: '浅色', dark: '深色',
    login: '登录', logout: id => `${id} · 退出`, cart: n => `购物车（${n}）`, all: '全部', more: '查看全部', offer: '为你推荐', popular: '店内热门', notPersonal: '非个性化：你没有同意',
    topic: '从 Kafka 读到', query: '首次来访：直接问了引擎', waiting: '正在等待引擎……', degraded: why => `比应有的结果差：${why}`,
    because_viewed: x => `因为你看过 ${x}`, bought_together: x => `常与 ${x} 一起购买`, sessions_like_yours: x => `和你一样看过 ${x} 的访客`, near_your_interests: x => `与你喜欢的 ${x} 相近`, buy_again: x => `你买过 ${x}`,
    because_viewed0: '因为你看过的商品', bought_together0: '与你买的商品相配', sessions_like_yours0: '来自与你相似的访问', near_your_interests0: '与你的兴趣相近', buy_again0: '该再买了', popular_now: '当前热门', trending_now: '正在升温',
    notInterested: '不感兴趣', not: x => `对 ${x} 不感兴趣`, add: '加入购物车', added: '已在购物车', variants: '其他款式', by: (brand, style) => `${brand} · ${style}`, empty: '购物车是空的。', sum: '合计', buy: '购买', bought: '谢谢。引擎已知道你买了什么。', back: '继续逛逛',
    less: x => `减少一件：${x}`, one: x => `增加一件：${x}`, found: (n, q) => `“${q}”：${n} 件`, none: '没有这样的商品。', gone: '没有这件商品。', engine: '引擎看到了什么', you: id => `你是 ${id}。`, profile: '引擎保存的你的画像',
    sent: '发出', kafka: 'Kafka 已收', list: '推荐返回', screen: (what, ms) => `${what} → ${ms} 毫秒后新推荐上屏`, nothing: '点一件商品，看看变化。', failed: '没有应答', consent: '允许引擎做什么',
    personalise: '根据我的行为推荐', measure: '计入总体统计', market: '告知营销部门', says: flags => `引擎记录：${flags}。`, saysNothing: '你还没有表态；本演示中视为同意。', asking: '正在告知引擎……', All: '三项都同意', None: '都不同意', Personalise: '推荐', Measure: '统计', Market: '营销',
    loginTitle: '登录', loginAbout: '无需密码：商店写入一个 identify 事件，此浏览器的行为便归于该顾客。', loginId: '顾客编号', cancel: '取消', regulars: '有购买历史的顾客：',
    view: '浏览', click: '点击', add_to_cart: '加入购物车', remove_from_cart: '移出购物车', purchase: '购买', not_interested: '不感兴趣', searchEvent: '搜索', identify: '登录', consentEvent: '同意',
  },
};

// A shape: what is filled with the style's colour, and the lines over it; in a field of 100 by 100.
const shapes = {
  kettle: ['M32 46h32l8 36H24zM40 46c0-9 16-9 16 0z', 'M68 60c10-2 9-16 18-18M30 52c-16 0-14 22-4 24'], grinder: ['M34 40h32l4 44H30zM38 28h24v10H38z', 'M50 28V16h22M72 12v8'], press: ['M32 34h34v48H32z', 'M49 34V14M42 14h14M66 44c14 0 14 26 0 26M32 54h34'],
  machine: ['M22 22h56v18H60v26h18v18H22z', 'M68 40v8M62 48h12M34 30h10'], frother: ['M46 16h10l2 34H44z', 'M51 50v22M41 76c0-6 20-6 20 0s-20 6-20 0'], scale: ['M20 50h60v26H20zM28 40h44v8H28z', 'M30 63h20M66 63h4'], cup: ['M26 38h42v22c0 24-42 24-42 0z', 'M68 44c16-2 16 20 0 20M22 84h50'],
  jar: ['M32 32h36c6 6 6 48 0 52H32c-6-4-6-46 0-52zM34 20h32v10H34z', 'M34 54h32'], box: ['M28 26h44v58H28z', 'M28 38h44M40 54h20M40 62h14'], pan: ['M14 50c0-8 52-8 52 0v10c0 14-52 14-52 0z', 'M66 54h24'], pot: ['M24 42h52v34c0 8-52 8-52 0zM28 36h44v5H28z', 'M24 50H14M76 50h10M50 36v-6'],
  rack: ['M20 76h60v6H20z', 'M30 76V36M50 76V30M70 76V36M24 36h12M44 30h12M64 36h12'], knife: ['M12 58L64 34c6 4 2 14-10 18L24 64zM64 34l22-10 4 8-21 10z', 'M72 34l10-5'], board: ['M22 24h56v60H22z', 'M46 32h8M32 48h36M32 62h36'], rod: ['M48 44h4l2 40-4 6-4-6zM44 14h12v28H44z', 'M36 43h28'],
  stone: ['M18 44l50-10 14 10-50 12zM18 44l14 12v16L18 60zM32 56l50-12v16L32 72z', 'M18 44l14 12 50-12M32 56v16'], shears: ['M46 58c-14 0-16 26-4 26s8-18 8-22zM54 58c14 0 16 26 4 26s-8-18-8-22z', 'M32 16l22 44M68 16L46 60'], spade: ['M36 54h28v12c0 12-8 20-14 22-6-2-14-10-14-22z', 'M50 54V14M40 14h20'],
  rake: ['M28 62h44v8H28z', 'M50 62V12M32 70v14M41 70v14M50 70v14M59 70v14M68 70v14'], can: ['M26 44h36v38H26z', 'M62 60l22-20M80 36l10 8M30 44c0-24 32-24 32 0'], hose: ['M50 18a32 32 0 1 0 .1 0zM50 38a12 12 0 1 1-.1 0z', 'M50 28a22 22 0 1 0 .1 0M78 66l10 18'], barrow: ['M20 34h52L60 60H34z', 'M72 34l16-8M34 60l-6 14M60 60l6 20M28 72a7 7 0 1 0 .1 0'],
  glove: ['M34 84V52L26 38l6-4 8 10V20h7v20h3V16h7v24h3V22h7v34c0 12-4 20-7 28z', 'M34 74h30'], plant: ['M34 62h32l-5 24H39zM50 42C34 42 30 28 32 20c12 0 18 10 18 22zM50 36c14 0 18-10 17-18-11 0-17 8-17 18z', 'M50 62V34'], tree: ['M50 14c26 4 26 44 0 46-26-2-26-42 0-46zM38 70h24l-4 16H42z', 'M50 70V40M50 50l8-8'],
  flower: ['M50 14a10 10 0 1 1-.1 0zM36 28a10 10 0 1 1-.1 0zM64 28a10 10 0 1 1-.1 0zM50 38a10 10 0 1 1-.1 0z', 'M50 58v30M50 76c10 0 14-6 16-10M50 80c-10 0-14-6-16-10'], flowerpot: ['M26 30h48v12H26zM30 44h40l-6 40H36z', 'M30 44h40'], sack: ['M28 26h44l4 58H24z', 'M28 34h44M40 52h20M50 52v18'], tent: ['M50 22L88 80H12z', 'M50 22v58M50 44l14 36'],
  sleeping: ['M30 18h28c14 0 14 18 14 30v20c0 12-8 18-21 18S30 78 30 66z', 'M30 36h42M51 36v48'], stove: ['M34 62h32l6 20H28z', 'M26 54h48M34 54v8M66 54v8M50 48c-10-10 4-12 0-24 12 10 10 20 0 24'], torch: ['M34 44h32v22H34z', 'M34 54H16M66 54h18M50 48a7 7 0 1 0 .1 0M40 34l-4-8M50 32v-9M60 34l4-8'],
  hammock: ['M14 34c20 44 52 44 72 0-14 26-58 26-72 0z', 'M14 34V18M86 34V18M14 34v50M86 34v50'], chair: ['M30 20h26v34H30zM30 54h40v8H30z', 'M32 62l-6 24M68 62l6 24M32 62l36 24'], bottle: ['M42 14h16v12c8 4 10 10 10 18v40H32V44c0-8 2-14 10-18z', 'M32 54h36'], helmet: ['M14 62c0-52 72-52 72 0z', 'M30 58c0-20 8-32 20-34M50 24c14 4 22 16 22 34M14 66h72'],
  light: ['M34 28h32v44H34z', 'M50 40a10 10 0 1 0 .1 0M42 72v12h16V72'], pump: ['M44 30h12v46H44z', 'M50 30V14M38 14h24M34 80h32M56 70c20 0 24-20 18-30'], tool: ['M30 44h40v14H30z', 'M34 44l-8-24M66 44l8-24M40 58l-6 26M60 58l6 26'], coat: ['M50 16l14 8 20 52H16l20-52z', 'M50 24v52M36 24l14 8 14-8'], lamp: ['M34 18h32l14 32H20z', 'M50 50v32M34 84h32'],
  floorlamp: ['M38 12h24l8 22H30z', 'M50 34v50M36 86h28'], pendant: ['M50 36c22 0 32 18 32 34H18c0-16 10-34 32-34z', 'M50 36V10M44 74a6 6 0 0 0 12 0'], string: ['M22 38a6 7 0 1 1-.1 0zM40 46a6 7 0 1 1-.1 0zM60 46a6 7 0 1 1-.1 0zM78 38a6 7 0 1 1-.1 0z', 'M10 26c20 26 60 26 80 0'], bulb: ['M50 14c30 0 34 34 14 48H36C16 48 20 14 50 14zM38 66h24v16H38z', 'M44 62l-4-20 10 8 10-8-4 20'],
  cloth: ['M18 40h64v13H18zM18 56h64v13H18zM18 72h64v12H18z', 'M18 34c20-8 44-8 64 0'], cushion: ['M20 24c20 6 40 6 60 0-6 20-6 34 0 54-20-6-40-6-60 0 6-20 6-34 0-54z', 'M38 51h24'], rug: ['M18 30h64v42H18z', 'M28 40h44v22H28zM12 34h6M12 44h6M12 58h6M12 68h6M82 34h6M82 44h6M82 58h6M82 68h6'], curtain: ['M20 22h26c0 24-6 40-20 60h-6zM54 22h26v60h-6C60 62 54 46 54 22z', 'M12 18h76'],
  book: ['M24 18h46c4 0 6 2 6 6v58H30c-4 0-6-2-6-6z', 'M34 18v54M44 34h22M44 44h16M24 78c0-4 4-6 6-6h46'], blocks: ['M18 54h30v30H18zM52 54h30v30H52zM35 20h30v30H35z', 'M26 54v-4h14v4M60 54v-4h14v4M43 20v-4h14v4'], crane: ['M76 48h16v12H76zM24 78h24v8H24z', 'M36 78V18h48M36 18L18 30M84 18v30'], marble: ['M24 12a8 8 0 1 1-.1 0zM80 62a8 8 0 1 1-.1 0z', 'M16 30c54-2 64 14 34 24s-20 24 36 26'],
  train: ['M16 36h30v30H16zM46 46h36v20H46zM66 32h10v14H66z', 'M28 64a8 8 0 1 0 .1 0M68 64a8 8 0 1 0 .1 0M24 46h14'], castle: ['M18 30h12v10h8V30h10v10h6V30h10v10h6V30h12v54H18z', 'M42 84V66c0-10 16-10 16 0v18'], house: ['M14 46l36-26 36 26v38H14z', 'M40 84V58h20v26M14 46h72'], rocket: ['M50 10c18 16 18 40 12 60H38c-6-20-6-44 12-60zM38 56L24 76h14zM62 56l14 20H62z', 'M50 30a7 7 0 1 0 .1 0M46 76l4 12 4-12'],
  robot: ['M18 78h26v8H18zM52 26a8 8 0 1 1-.1 0zM30 50a8 8 0 1 1-.1 0z', 'M30 78V58l22-24 22 12M74 46l10-8M74 46l6 14'], leash: ['M74 72h14v16H74z', 'M26 22a12 12 0 1 0 .1 0M36 42c34 0 8 34 44 36'], bed: ['M12 58c0-22 76-22 76 0v10c0 14-76 14-76 0z', 'M26 60c0-10 48-10 48 0s-48 10-48 0'], bone: ['M30 44a10 10 0 1 0-8-16 10 10 0 1 0-4 18zM70 72a10 10 0 1 0 8-16 10 10 0 1 0 4-10zM26 42l10-10 44 32-10 12z', 'M38 44l26 20'],
  bowl: ['M16 46h68L74 78H26z', 'M36 46c2-14 26-14 28 0'], harness: ['M42 40h16v24H42z', 'M28 30c0 42 44 42 44 0M28 30c10-14 34-14 44 0M50 64v20'],
};
const shapeOf = Object.fromEntries(`pourover_kettle:kettle hand_grinder:grinder french_press:press espresso_machine:machine milk_frother:frother coffee_scale:scale cup_set:cup bean_jar:jar paper_filters:box house_blend_1_kg:sack frying_pan:pan saucepan:pan
  stock_pot:pot casserole:pot wok:bowl grill_pan:pan lid_holder:rack splatter_guard:pan pan_scraper:spade chefs_knife:knife bread_knife:knife paring_knife:knife santoku:knife honing_rod:rod whetstone:stone magnet_rack:rack cutting_board:board pruning_shears:shears hand_trowel:spade
  leaf_rake:rake watering_can:can spade:spade hedge_trimmer:shears garden_hose_20_m:hose wheelbarrow:barrow gloves:glove lavender:flower olive_tree:tree rosemary:plant climbing_rose:flower hydrangea:flower tomato_seeds:box potting_soil_20_l:sack terracotta_pot:flowerpot trekking_tent:tent
  sleeping_bag:sleeping camping_stove:stove head_torch:torch dry_bag:sack hammock:hammock titanium_mug:cup folding_chair:chair water_filter:bottle helmet:helmet rear_light:light floor_pump:pump pannier:sack cycling_gloves:glove chain_oil:bottle multi_tool:tool bottle_cage:bottle rain_cape:coat
  desk_lamp:lamp floor_lamp:floorlamp pendant:pendant string_lights:string table_lamp:lamp filament_bulb:bulb wall_light:light lampshade:pendant linen_duvet_cover:cloth wool_throw:cloth cushion_cover:cushion bath_towel:cloth table_runner:rug cotton_rug:rug tea_towels:cloth curtain:curtain
  crane_set:crane marble_run:marble railway:train castle:castle farm:house space_station:rocket wooden_blocks:blocks robot_arm:robot leash:leash dog_bed:bed rope_toy:bone food_bowl:bowl dried_beef_500_g:box harness:harness dog_coat:coat treat_pouch:sack`.split(/\s+/).map(pair => pair.split(':')));
const styleColours = { steel: '#aab4bd', black: '#3b3d42', copper: '#c0713f', white: '#f5f3ee', 'enamelled red': '#bf3b32', 'cast iron': '#4a4b4f', walnut: '#6f4a33', oak: '#c39a62', 'ash handle': '#d6bd93', olive: '#77804a', sand: '#d3bc8d', blue: '#4a78ad',
  reflective: '#dfe35a', brass: '#c8a04a', opal: '#efe6d4', green: '#4f8b62', sage: '#93a687', rust: '#b3593a', natural: '#d9cbb0', navy: '#34456c', hemp: '#b5a179', classic: '#8a5a83' };
const fallbackColours = ['#c96f4a', '#4f8b8b', '#c79a3f', '#6b7fb3', '#7f9a54', '#b3617d'];
const hash = text => [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.codePointAt(0)) >>> 0, 7);

const draw = product => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const add = (name, fields) => {
    const part = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(fields)) part.setAttribute(key, value);
    svg.append(part);
  };
  const [fill, lines] = shapes[shapeOf[product.group.slice(product.group.indexOf('-') + 1)] ?? (product.category.startsWith('Books') ? 'book' : 'box')];
  const hue = categories.findIndex(c => c.id === product.category) * 30 + 20;
  const seed = hash(product.id);
  svg.setAttribute('viewBox', '0 0 100 100');
  svg.setAttribute('aria-hidden', 'true');
  add('rect', { width: 100, height: 100, fill: `hsl(${hue} 42% ${84 - seed % 4 * 3}%)` });
  add('circle', { cx: 20 + seed % 60, cy: 15 + (seed >> 3) % 30, r: 24 + (seed >> 5) % 16, fill: `hsl(${(hue + 24) % 360} 50% 91%)` });
  add('ellipse', { cx: 50, cy: 88, rx: 34, ry: 4, fill: '#0002' });
  const size = 0.8 + { S: 0, small: 0, starter: 0, '24 cm': 0.05, M: 0.06, medium: 0.06, L: 0.12, large: 0.12, '28 cm': 0.12 }[product.style] || 0.88;
  const place = `translate(${50 - 50 * size} ${52 - 52 * size}) scale(${size})`;
  add('path', { d: fill, transform: place, fill: styleColours[product.style] ?? fallbackColours[hash(product.group + product.style) % 6], stroke: '#2b2723', 'stroke-width': 2.2, 'stroke-linejoin': 'round' });
  add('path', { d: lines, transform: place, fill: 'none', stroke: '#2b2723', 'stroke-width': 2.6, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' });
  return make('span', { className: 'tile' }, svg);
};

let products = new Map(), categories = [], currency = 'EUR', customers = [];
let language = stored('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
let theme = stored('theme') ?? 'auto';
let guest = stored('guest') ?? newGuest();
let user = stored('user');
let cart = readCart();
let list, clickFrom, following, consent;
const trace = [], onScreen = new Map();

function newGuest() {
  const id = 'visitor-' + [...crypto.getRandomValues(new Uint8Array(6))].map(b => b.toString(16).padStart(2, '0')).join('');
  stored('guest', id);
  return id;
}

function readCart() {
  try {
    return new Map(Object.entries(JSON.parse(stored('cart') ?? '{}')).filter(([, count]) => Number.isInteger(count) && count > 0));
  } catch {
    return new Map(); // not ours: begin anew
  }
}

const t = (key, ...values) => typeof texts[language][key] === 'function' ? texts[language][key](...values) : texts[language][key];
const title = product => language === 'zh' ? product.chinese : product.title;
const titleOf = id => products.has(id) ? title(products.get(id)) : id;
const english = { 'Books/Cooking': 'Cookbooks', 'Toys/Building': 'Building toys' };
const categoryName = category => language === 'zh' ? category.chinese : english[category.id] ?? category.id.split('/')[1];
const money = amount => new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-IE', { style: 'currency', currency }).format(amount);
const eventName = type => t({ search: 'searchEvent', consent: 'consentEvent' }[type] ?? type);
const wait = ms => new Promise(done => setTimeout(done, ms));

// What the visitor does goes to the shop's writer; the answer comes when Kafka has it.
const send = async (type, fields = {}) => {
  const entry = { type, itemId: fields.itemId, query: fields.query, clicked: performance.now(), sentAt: Date.now() };
  trace.unshift(entry);
  trace.length = Math.min(trace.length, 12);
  showTrace();
  try {
    const answer = await fetch('/shop/events', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ visitor: guest, ...(user ? { user } : {}), type, ...fields }) });
    const body = await answer.json();
    if (answer.ok) Object.assign(entry, { ...body, listAfterMs: entry.listAfterMs ?? body.listAfterMs });
    else entry.error = body.detail ?? String(answer.status);
  } catch {
    entry.error = t('failed');
  }
  meet();
  return !entry.error;
};

// Joins events to the lists that answered them, whichever of the two was heard of first.
const meet = () => {
  for (const entry of trace) {
    const seen = entry.eventId && onScreen.get(entry.eventId);
    if (!seen || entry.screenMs !== undefined) continue;
    entry.listAfterMs = seen.listAfterMs;
    entry.screenMs = Math.max(0, Math.round(seen.at - entry.clicked));
  }
  const first = trace.find(entry => entry.screenMs !== undefined);
  byId('last').textContent = trace[0]?.error ?? (first ? t('screen', eventName(first.type), first.screenMs) : t('nothing'));
  showTrace();
};

const follow = async () => {
  following?.abort();
  const mine = following = new AbortController();
  list = undefined;
  showList(new Set());
  let after = '';
  while (!mine.signal.aborted) {
    try {
      const id = user ?? guest;
      const answer = await fetch(`/shop/lists/${encodeURIComponent(id)}?guest=${!user}${after && '&after=' + encodeURIComponent(after)}`, { signal: mine.signal });
      if (answer.status === 204) continue;
      if (!answer.ok) throw new Error(answer.status);
      const next = await answer.json();
      const before = new Set(list?.items.map(item => item.itemId));
      list = next;
      after = next.recommendationId;
      showList(before);
      for (const event of next.events) if (event.listAfterMs !== undefined && !onScreen.has(event.eventId)) {
        onScreen.set(event.eventId, { at: performance.now(), listAfterMs: event.listAfterMs });
        if (event.type === 'consent' || event.type === 'identify') askConsent();
      }
      while (onScreen.size > 50) onScreen.delete(onScreen.keys().next().value);
      meet();
    } catch (error) {
      if (mine.signal.aborted) return;
      byId('source').textContent = t('failed');
      await wait(1000);
    }
  }
};

// The switches show what the engine holds, not what was clicked.
const askConsent = async () => {
  const who = user ?? guest;
  for (let tries = 0, held; tries < 20 && held === undefined && who === (user ?? guest); tries++) {
    if (tries) await wait(1000);
    try {
      const answer = await fetch(`/users/${encodeURIComponent(who)}?guest=${!user}`);
      held = answer.ok ? (await answer.json()).consent : answer.status === 404 ? '' : undefined; // else it is busy: ask again
    } catch {
      held = undefined; // it does not answer: ask again
    }
    if (who === (user ?? guest)) consent = held;
  }
  if (who === (user ?? guest)) showConsent();
};

const purposes = ['personalise', 'measure', 'market'];
const holds = purpose => !consent || consent === 'All' || consent.toLowerCase().includes(purpose);
const showConsent = (isAsking = false) => {
  for (const purpose of purposes) Object.assign(byId(purpose), { checked: isAsking ? byId(purpose).checked : holds(purpose), disabled: isAsking }).nextElementSibling.textContent = t(purpose);
  byId('consent').textContent = isAsking ? t('asking') : consent === undefined ? t('failed') : consent === '' ? t('saysNothing') : t('says', consent.split(', ').map(flag => t(flag)).join(language === 'zh' ? '、' : ', '));
  showOfferTitle();
};
const showOfferTitle = () => byId('offertitle').textContent = holds('personalise') ? t('offer') : t('popular');

const reason = item => {
  const because = item.because && titleOf(item.because);
  return t(because ? item.reason : item.reason + '0', because) ?? t(item.reason, because ?? '') ?? item.words;
};

const card = (product, href, more, onClick) => make('a', { className: 'card', href, onclick: onClick }, draw(product), make('b', { textContent: title(product) }), make('span', { className: 'number soft', textContent: money(product.price) }), more);

const showList = before => {
  showOfferTitle();
  byId('source').textContent = !list ? t('waiting') : [t(list.from), holds('personalise') ? undefined : t('notPersonal'), list.degraded && t('degraded', list.degraded.replaceAll('_', ' '))].filter(Boolean).join(' · ');
  const strip = byId('strip');
  const held = strip.querySelector(':focus')?.closest('li')?.dataset.id;
  strip.replaceChildren(...(list?.items ?? []).filter(item => products.has(item.itemId)).slice(0, 12).map(item => {
    const product = products.get(item.itemId);
    const from = { recommendationId: list.recommendationId, position: item.rank };
    const line = make('li', { className: before.size && !before.has(item.itemId) ? 'new' : '' },
      card(product, '#/p/' + product.id, make('span', { className: 'why', textContent: reason(item) }), () => { clickFrom = from; }),
      make('button', { className: 'no', textContent: '×', title: t('notInterested'), aria: { label: t('not', title(product)) }, onclick: () => send('not_interested', { itemId: product.id, ...from }) }));
    line.dataset.id = product.id;
    return line;
  }));
  if (held) (strip.querySelector(`[data-id="${CSS.escape(held)}"] a`) ?? strip.querySelector('a'))?.focus();
};

const clock = at => new Date(at).toLocaleTimeString('en-GB') + '.' + String(at % 1000).padStart(3, '0');
const showTrace = () => byId('trace').replaceChildren(...trace.map(entry => make('li', {},
  make('b', { textContent: eventName(entry.type) }), ' ', entry.itemId ? titleOf(entry.itemId) : entry.query ?? '', ' ', make('small', { textContent: entry.eventId ?? '' }),
  entry.error ? make('div', { className: 'bad', textContent: entry.error }) : make('div', { className: 'when number' },
    make('span', {}, make('i', { textContent: t('sent') }), clock(entry.sentAt)),
    make('span', {}, make('i', { textContent: t('kafka') }), entry.acknowledgedAfterMs === undefined ? '…' : `+${entry.acknowledgedAfterMs} ms`),
    make('span', {}, make('i', { textContent: t('list') }), entry.listAfterMs === undefined ? '…' : `+${entry.listAfterMs} ms`)))));

const saveCart = () => {
  stored('cart', JSON.stringify(Object.fromEntries(cart)));
  byId('cart').textContent = t('cart', [...cart.values()].reduce((sum, count) => sum + count, 0));
};
const put = (product, count, from) => {
  cart.set(product.id, Math.min(99, (cart.get(product.id) ?? 0) + count));
  if (cart.get(product.id) <= 0) cart.delete(product.id);
  saveCart();
  return send(count > 0 ? 'add_to_cart' : 'remove_from_cart', { itemId: product.id, ...from });
};

const section = (name, shown, href) => [make('div', { className: 'head' }, make(href ? 'h2' : 'h1', { textContent: name }), href && make('a', { href, textContent: t('more') })),
  make('ul', { className: 'grid' }, ...shown.map(product => make('li', {}, card(product, '#/p/' + product.id))))];
const inCategory = id => [...products.values()].filter(product => product.category === id);

const pages = {
  '': () => categories.flatMap(category => section(categoryName(category), inCategory(category.id).slice(0, 5), '#/c/' + category.id)),
  c: id => section(categoryName(categories.find(category => category.id === id) ?? { id: '/' + id, chinese: id }), inCategory(id)),
  q: query => {
    const found = search(query);
    return found.length ? section(t('found', found.length, query), found) : [make('p', { className: 'soft', textContent: t('none') })];
  },
  p: id => {
    const product = products.get(id);
    if (!product) return [make('p', { textContent: t('gone') })];
    const others = [...products.values()].filter(other => other.group === product.group && other !== product);
    const add = make('button', { className: 'main', textContent: t('add'), onclick: () => { put(product, 1); add.textContent = t('added'); } });
    return [make('article', { className: 'product' }, draw(product), make('div', {},
      make('h1', { textContent: title(product) }), make('p', { className: 'soft', textContent: `${categoryName(categories.find(c => c.id === product.category))} · ${product.brand}` }), make('p', { className: 'price number', textContent: money(product.price) }),
      make('div', { className: 'row' }, add, make('button', { textContent: t('notInterested'), onclick: () => send('not_interested', { itemId: id }) })),
      make('p', { className: 'soft', textContent: t('variants') }), make('div', { className: 'row' }, ...others.map(other => make('a', { className: 'button', href: '#/p/' + other.id, textContent: language === 'zh' ? other.chinese.match(/（(.*)）/)[1] : other.style })))))];
  },
  cart: () => {
    const lines = [...cart].filter(([id]) => products.has(id)).map(([id, count]) => [products.get(id), count]);
    if (!lines.length) return [make('div', { className: 'head' }, make('h1', { textContent: t('cart', 0) })), make('p', { className: 'soft', textContent: t('empty') }), make('a', { className: 'button', href: '#/', textContent: t('back') })];
    const change = (product, count) => { put(product, count); show(false); };
    return [make('div', { className: 'head' }, make('h1', { textContent: t('cart', lines.reduce((sum, [, count]) => sum + count, 0)) })),
      make('ul', { className: 'lines' }, ...lines.map(([product, count]) => make('li', {}, make('a', { href: '#/p/' + product.id, tabIndex: -1 }, draw(product)), make('a', { href: '#/p/' + product.id, textContent: title(product) }),
        make('span', { className: 'count number' }, make('button', { textContent: '−', aria: { label: t('less', title(product)) }, onclick: () => change(product, -1) }), String(count), make('button', { textContent: '+', aria: { label: t('one', title(product)) }, onclick: () => change(product, 1) })),
        make('span', { className: 'sum number', textContent: money(product.price * count) })))),
      make('p', { className: 'price number', textContent: `${t('sum')} ${money(lines.reduce((sum, [product, count]) => sum + product.price * count, 0))}` }), make('button', { className: 'main', textContent: t('buy'), onclick: buy })];
  },
};

const buy = async event => {
  event.target.disabled = true;
  for (const [id, quantity] of [...cart]) {
    if (!products.has(id) || await send('purchase', { itemId: id, quantity })) cart.delete(id);
  }
  saveCart();
  if (cart.size) return show(false);
  byId('main').replaceChildren(make('div', { className: 'head' }, make('h1', { textContent: t('bought') })), make('a', { className: 'button', href: '#/', textContent: t('back') }));
};

const search = query => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return [...products.values()].filter(product => words.every(word => `${product.title} ${product.category} ${product.chinese}`.toLowerCase().includes(word))).slice(0, 60);
};

const place = () => {
  const [, name = '', ...rest] = location.hash.slice(1).split('/');
  let value = rest.join('/');
  try { value = decodeURIComponent(value); } catch { value = ''; } // a hand-made address
  return [Object.hasOwn(pages, name) ? name : '', value];
};

// A visit of a page is an event; drawing it anew in another language is none.
const show = isVisit => {
  const [name, value] = place();
  byId('main').replaceChildren(...pages[name](value));
  byId('categories').replaceChildren(...[{ id: '' }, ...categories].map(category => make('a', { className: 'button', href: category.id ? '#/c/' + category.id : '#/', textContent: category.id ? categoryName(category) : t('all'),
    aria: (name === 'c' && value === category.id) || (name === '' && !category.id) ? { current: 'page' } : {} })));
  if (!isVisit) return;
  if (name === 'p' && products.has(value)) send(clickFrom ? 'click' : 'view', { itemId: value, ...clickFrom });
  if (name === 'q' && value.trim()) send('search', { query: value.slice(0, 100), results: search(value).slice(0, 20).map(product => product.id) });
  clickFrom = undefined;
};

const showWords = () => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.documentElement.dataset.theme = theme;
  document.title = t('name');
  for (const [id, key] of Object.entries({ name: 'name', about: 'about', skip: 'skip', go: 'search', querylabel: 'searchFor', language: 'other', enginetitle: 'engine', consenttitle: 'consent', logintitle: 'loginTitle', loginabout: 'loginAbout', loginlabel: 'loginId', loginok: 'login', logincancel: 'cancel' })) byId(id).textContent = t(key);
  Object.assign(byId('theme'), { textContent: '◐', title: t(theme), ariaLabel: t(theme) });
  byId('query').placeholder = t('searchFor');
  byId('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  byId('account').textContent = user ? t('logout', user) : t('login');
  byId('who').replaceChildren(t('you', user ?? guest), make('a', { href: '/#/user/' + encodeURIComponent(user ?? guest), textContent: t('profile') }));
  byId('customers').replaceChildren(make('small', { textContent: t('regulars') }), ...customers.map(id => make('button', { type: 'button', textContent: id, onclick: () => { byId('loginid').value = id; } })));
  saveCart();
  showConsent();
  showList(new Set());
  meet();
  show(false);
};

byId('language').onclick = () => { stored('language', language = language === 'zh' ? 'en' : 'zh'); showWords(); };
byId('theme').onclick = () => { stored('theme', theme = { auto: 'light', light: 'dark', dark: 'auto' }[theme] ?? 'auto'); showWords(); };
byId('find').onsubmit = event => { event.preventDefault(); if (byId('query').value.trim()) location.hash = '#/q/' + encodeURIComponent(byId('query').value.trim()); };
byId('skip').onclick = event => { event.preventDefault(); byId('main').focus(); };
byId('account').onclick = () => {
  if (!user) return byId('login').showModal();
  // Whoever comes next at this browser is somebody else: what they do is not to become this customer's.
  stored('user', user = null);
  guest = newGuest();
  arrive();
};
byId('logincancel').onclick = () => byId('login').close();
byId('loginform').onsubmit = async () => {
  const id = byId('loginid').value;
  if (!await send('identify', { user: id })) return;
  // The guest's list answers it: then the engine knows who this is.
  for (const { eventId } = trace[0], end = performance.now() + 3000; eventId && !onScreen.has(eventId) && performance.now() < end;) await wait(50);
  stored('user', user = id);
  arrive();
};
for (const purpose of purposes) byId(purpose).onchange = async () => { showConsent(true); if (!await send('consent', { consent: { [purpose]: byId(purpose).checked } })) askConsent(); };
addEventListener('hashchange', () => { show(true); scrollTo({ top: 0 }); byId('main').focus({ preventScroll: true }); });

const arrive = () => { consent = ''; showWords(); follow(); askConsent(); };

const shop = await (await fetch('/shop/products')).json();
({ categories, currency, customers } = shop);
products = new Map(shop.products.map(product => [product.id, product]));
byId('engine').open = matchMedia('(min-width: 64.01rem)').matches;
arrive();
if (place()[0] !== '') show(true);
