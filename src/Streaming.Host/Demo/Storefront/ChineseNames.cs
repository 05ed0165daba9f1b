using Streaming.Host.Demo.Shop;

namespace Streaming.Host.Demo.Storefront;

/// <summary>What the generated shop sells, in Chinese; brands keep their names.</summary>
internal static class ChineseNames
{
    private static readonly Dictionary<string, string> Categories = Pairs(
        """
        Kitchen/Coffee=咖啡器具; Kitchen/Cookware=锅具; Kitchen/Knives=刀具; Garden/Tools=园艺工具; Garden/Plants=植物; Outdoor/Camping=露营;
        Outdoor/Cycling=骑行; Home/Lighting=灯具; Home/Textiles=家纺; Books/Cooking=烹饪图书; Toys/Building=积木玩具; Pets/Dogs=狗狗用品
        """);

    private static readonly Dictionary<string, string> Styles = Pairs(
        """
        classic=经典款; steel=不锈钢; black=黑色; copper=铜色; white=白色; 24 cm=24 厘米; 28 cm=28 厘米; enamelled red=红色珐琅; cast iron=铸铁; walnut=胡桃木; oak=橡木;
        ash handle=白蜡木柄; long=长款; compact=小巧款; small=小; medium=中; large=大; in pot=盆栽; olive=橄榄绿; sand=沙色; blue=蓝色; 2 persons=双人; S=S 码; M=M 码; L=L 码;
        reflective=反光; brass=黄铜; opal=乳白; green=绿色; sage=灰绿; rust=铁锈红; natural=本色; navy=藏青; hardcover=精装; paperback=平装; signed=签名版; gift edition=礼品版;
        120 parts=120 件; 300 parts=300 件; with motor=带电机; starter=入门款; hemp=麻质
        """);

    private static readonly Dictionary<string, string> Kinds = Pairs(
        """
        Pour-over kettle=手冲壶; Hand grinder=手摇磨豆机; French press=法压壶; Espresso machine=意式咖啡机; Milk frother=奶泡器; Coffee scale=咖啡秤; Cup set=杯具套装; Bean jar=咖啡豆罐;
        Paper filters=滤纸; House blend 1 kg=招牌拼配豆 1 公斤; Frying pan=煎锅; Saucepan=奶锅; Stock pot=汤锅; Casserole=炖锅; Wok=炒锅; Grill pan=烤盘; Lid holder=锅盖架;
        Splatter guard=防溅网; Pan scraper=锅铲刮; Chef's knife=主厨刀; Bread knife=面包刀; Paring knife=水果刀; Santoku=三德刀; Honing rod=磨刀棒; Whetstone=磨刀石; Magnet rack=磁力刀架;
        Cutting board=砧板; Pruning shears=修枝剪; Hand trowel=小铲; Leaf rake=草耙; Watering can=洒水壶; Spade=铁锹; Hedge trimmer=绿篱机; Garden hose 20 m=水管 20 米; Wheelbarrow=手推车;
        Gloves=园艺手套; Lavender=薰衣草; Olive tree=橄榄树; Rosemary=迷迭香; Climbing rose=攀援玫瑰; Hydrangea=绣球花; Tomato seeds=番茄种子; Potting soil 20 l=营养土 20 升;
        Terracotta pot=陶土花盆; Trekking tent=徒步帐篷; Sleeping bag=睡袋; Camping stove=露营炉; Head torch=头灯; Dry bag=防水袋; Hammock=吊床; Titanium mug=钛杯; Folding chair=折叠椅;
        Water filter=滤水器; Helmet=头盔; Rear light=尾灯; Floor pump=打气筒; Pannier=驮包; Cycling gloves=骑行手套; Chain oil=链条油; Multi tool=多功能工具; Bottle cage=水壶架;
        Rain cape=雨披; Desk lamp=书桌灯; Floor lamp=落地灯; Pendant=吊灯; String lights=灯串; Table lamp=台灯; Filament bulb=灯丝灯泡; Wall light=壁灯; Lampshade=灯罩;
        Linen duvet cover=亚麻被套; Wool throw=羊毛毯; Cushion cover=抱枕套; Bath towel=浴巾; Table runner=桌旗; Cotton rug=棉地毯; Tea towels=茶巾; Curtain=窗帘;
        Bread from Scratch=《从零做面包》; The Fermenter's Year=《发酵之年》; Weeknight Curries=《平日咖喱》; Coffee, Slowly=《慢咖啡》; One Pan Suppers=《一锅晚餐》; Knife Skills=《刀工》;
        Crane set=起重机套装; Marble run=弹珠轨道; Railway=小火车; Castle=城堡; Farm=农场; Space station=空间站; Wooden blocks=木积木; Robot arm=机械臂; Leash=牵引绳; Dog bed=狗窝;
        Rope toy=绳结玩具; Food bowl=食盆; Dried beef 500 g=牛肉干 500 克; Harness=胸背带; Dog coat=狗衣服; Treat pouch=零食包
        """);

    /// <summary>A category path.</summary>
    /// <exception cref="KeyNotFoundException">It has no Chinese name.</exception>
    public static string Category(string path) => Categories[path];

    /// <summary>A product's title: brand, kind, style.</summary>
    /// <exception cref="KeyNotFoundException">Its kind or style has no Chinese name.</exception>
    public static string Title(Product product) => $"{product.Brand} {Kinds[KindOf(product)]}（{Styles[product.Style]}）";

    // A title is "brand kind, style".
    private static string KindOf(Product product) => product.Title[(product.Brand.Length + 1)..^(product.Style.Length + 2)];

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
