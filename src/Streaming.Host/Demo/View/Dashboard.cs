using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streaming.Host.Demo.Storefront;
using Streaming.Host.Http;
using Streaming.Host.Inspect;

namespace Streaming.Host.Demo.View;

/// <summary>The demo's terminal page.</summary>
/// <param name="titleOf">Title of an item for people.</param>
/// <param name="address">Where the node answers over HTTP.</param>
internal sealed class Dashboard(Func<string, string> titleOf, Uri address)
{
    private const int NarrowBelow = 110;

    /// <summary>Draws the page.</summary>
    /// <param name="board">What the demo has seen.</param>
    /// <param name="status">The node.</param>
    /// <param name="nowMs">Now, ms since 1970.</param>
    /// <param name="width">Columns of the terminal.</param>
    public IRenderable Draw(BoardSnapshot board, EngineStatus status, long nowMs, int width)
    {
        var page = new Layout().SplitRows(
            new Layout("head", Head(status, width)).Size(status.Api is null ? 1 : 2),
            Numbers(board, status, width),
            new Layout("people").SplitColumns(new Layout(Recommendations(board, nowMs, Inner(width, 3, 5))).Ratio(3), new Layout(Profile(board, nowMs)).Ratio(2)),
            new Layout("alerts").Size(8).SplitColumns(new Layout(Alerts(board, width)).Ratio(3), new Layout(Notes(board, Inner(width, 2, 5))).Ratio(2)));
        return page;
    }

    private Rows Head(EngineStatus status, int width)
    {
        var lines = new List<IRenderable> { new Markup($"[bold green] streaming[/] [grey]demo{(width < NarrowBelow ? "" : " · embedded Kafka, SQLite")} ·[/] [link]{address}[/] [grey]· the shop, to click as a visitor:[/] [link]{new Uri(address, ShopFront.Path)}[/] [grey]· Ctrl-C ends[/]") };
        if (PlainView.Api(address, status.Api) is { } api) lines.Add(new Markup($"[grey] {Markup.Escape(api)}[/]"));
        return new Rows(lines);
    }

    private static Layout Numbers(BoardSnapshot board, EngineStatus status, int width)
    {
        var numbers = new Layout("numbers").Size(8);
        return width < NarrowBelow
            ? numbers.SplitColumns(new Layout(Counts(board, Inner(width, 3, 5))).Ratio(3), new Layout(Freshness(board)).Ratio(2))
            : numbers.SplitColumns(new Layout(Counts(board, Inner(width, 3, 8))).Ratio(3), new Layout(Freshness(board)).Ratio(2), new Layout(Shards(status, Inner(width, 3, 8))).Ratio(3));
    }

    // Borders and padding of a panel take four columns.
    private static int Inner(int width, int share, int of) => Math.Max(16, (width * share / of) - 5);

    private static Panel Counts(BoardSnapshot board, int width)
    {
        var room = Math.Max(0, width - "recommendations".Length - 4 - Number(Math.Max(board.Events, board.Recommendations)).Length - 6);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap());
        Row(grid, "events", board.Events, $"[green]{Words.Spark(board.EventsBySecond, Math.Min(24, room))}[/] {board.EventsPerSecond.ToString("0", CultureInfo.InvariantCulture)}/s");
        Row(grid, "recommendations", board.Recommendations, board.Degraded == 0 ? "" : $"[yellow]{board.Degraded} degraded[/]");
        Row(grid, "churn alerts", board.ChurnAlerts, "");
        var reasons = string.Join(", ", board.DeadReasons.OrderByDescending(r => r.Value).Take(2).Select(r => $"{r.Key.Replace('_', ' ')} {r.Value}"));
        Row(grid, "dead letters", board.DeadLetters, $"[grey]{Markup.Escape(Words.Fit(reasons, room + 6))}[/]");
        Row(grid, "running", (long)board.Seconds, "[grey]seconds[/]");
        return Boxed(grid, "counts");
    }

    private static Panel Freshness(BoardSnapshot board)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap());
        grid.AddRow(new Markup("[grey]first list after[/]"), new Markup(board.SecondsToFirstRecommendation is { } first ? $"[bold]{first.ToString("0.0", CultureInfo.InvariantCulture)} s[/]" : "[grey]…[/]"));
        grid.AddRow(new Markup("[grey]p50[/]"), new Markup($"[bold]{Words.Duration(board.P50Ms)}[/]"));
        grid.AddRow(new Markup("[grey]p99[/]"), new Markup($"[bold]{Words.Duration(board.P99Ms)}[/]"));
        grid.AddRow(new Text(""), new Text(""));
        return Boxed(new Rows(grid, new Markup("[grey]from an event to a list that a storefront can read[/]")), "freshness");
    }

    private static Panel Shards(EngineStatus status, int width)
    {
        var table = new Table().NoBorder();
        foreach (var name in (string[])["shard", "phase", "offset", "durable", "lag", "users"]) table.AddColumn(new TableColumn($"[grey]{name}[/]").NoWrap().PadLeft(0).PadRight(1));
        foreach (var (partition, shard) in status.Shards.Select(s => (s.Partition, s.Status)).Take(5))
        {
            table.AddRow(partition.ToString(CultureInfo.InvariantCulture), shard.Phase == "running" ? "[green]running[/]" : $"[yellow]{Markup.Escape(shard.Phase)}[/]",
                Number(shard.Committed.Events), Number(shard.Durable.Events), Number(shard.LagEvents), Number(shard.ResidentUsers));
        }

        return Boxed(table, Words.Fit($"shards · {status.Items.Items} items · {status.Model ?? "no model"}", width - 4));
    }

    private Panel Recommendations(BoardSnapshot board, long nowMs, int width)
    {
        var rows = new List<IRenderable>();
        foreach (var list in board.Latest.Take(5))
        {
            rows.Add(new Markup($"[bold]{Markup.Escape(list.UserId ?? list.AnonymousId ?? "")}[/] [grey]{Ago.Text(list.EmittedAt, nowMs)}{(list.Degraded is { } cause ? $" · [yellow]degraded: {Markup.Escape(cause)}[/]" : "")}[/]"));
            foreach (var item in list.Items.Take(3))
            {
                var line = Words.Fit($"  {item.Rank} {titleOf(item.ItemId)}", width);
                var reason = Words.Fit("— " + Words.Reason(item, titleOf), width - line.Length - 1);
                rows.Add(new Markup($"{Markup.Escape(line)} [grey]{Markup.Escape(reason)}[/]"));
            }
        }

        return Boxed(new Rows(rows), "latest recommendations");
    }

    private Panel Profile(BoardSnapshot board, long nowMs) =>
        Boxed(board.Profile is { } profile ? ProfilePanel.Of(profile, nowMs, titleOf, latest: 6) : new Markup("[grey]…[/]"), "one user");

    private static Panel Alerts(BoardSnapshot board, int width)
    {
        var table = new Table().NoBorder().Expand().AddColumns("[grey]user[/]", "[grey]risk[/]", "[grey]was[/]", "[grey]worth[/]", "[grey]why[/]", "[grey]do[/]");
        foreach (var alert in board.Alerts.Take(5))
        {
            table.AddRow(Markup.Escape(alert.UserId ?? alert.AnonymousId ?? ""), $"[red]{Percent(alert.Risk)}[/]", Percent(alert.Previous), alert.ExpectedValue.ToString("0", CultureInfo.InvariantCulture),
                Markup.Escape(Words.Fit(Words.Reasons(alert), Inner(width, 3, 5) - 45)), alert.Treatment ? Markup.Escape(alert.SuggestedAction.Replace('_', ' ')) : "[grey]hold-out[/]");
        }

        return Boxed(table, "customers about to leave");
    }

    private static Panel Notes(BoardSnapshot board, int width) => Boxed(new Rows(board.Notes.TakeLast(6).Select(n => new Markup($"[grey]{Markup.Escape(Words.Fit(n, width))}[/]"))), "log");

    private static Panel Boxed(IRenderable content, string title) => new Panel(content).Header($"[bold] {Markup.Escape(title)} [/]").Border(BoxBorder.Rounded).BorderColor(Color.Grey).Expand();

    private static void Row(Grid grid, string name, long number, string more) => grid.AddRow(new Markup($"[grey]{name}[/]"), new Markup($"[bold]{Number(number)}[/]"), new Markup(more));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("p0", CultureInfo.InvariantCulture);
}
