using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streaming.Host.Http;
using Streaming.Host.Inspect;

namespace Streaming.Host.Demo.View;

/// <summary>The demo's terminal page.</summary>
/// <param name="titleOf">Title of an item for people.</param>
/// <param name="address">Where the node answers over HTTP.</param>
internal sealed class Dashboard(Func<string, string> titleOf, Uri address)
{
    /// <summary>Draws the page.</summary>
    public IRenderable Draw(BoardSnapshot board, EngineStatus status, long nowMs)
    {
        var page = new Layout().SplitRows(
            new Layout("head", new Markup($"[bold green] streaming[/] [grey]demo · a generated shop, an embedded Kafka, SQLite ·[/] [link]{address}[/] [grey]· Ctrl-C ends[/]")).Size(1),
            new Layout("numbers").Size(8).SplitColumns(new Layout(Counts(board)).Ratio(3), new Layout(Freshness(board)).Ratio(2), new Layout(Shards(status)).Ratio(3)),
            new Layout("people").SplitColumns(new Layout(Recommendations(board, nowMs)).Ratio(3), new Layout(Profile(board, nowMs)).Ratio(2)),
            new Layout("alerts").Size(8).SplitColumns(new Layout(Alerts(board)).Ratio(3), new Layout(Notes(board)).Ratio(2)));
        return page;
    }

    private static Panel Counts(BoardSnapshot board)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap());
        Row(grid, "events", board.Events, $"[green]{Words.Spark(board.EventsBySecond, 24)}[/] {board.EventsPerSecond.ToString("0", CultureInfo.InvariantCulture)}/s");
        Row(grid, "recommendations", board.Recommendations, board.Degraded == 0 ? "" : $"[yellow]{board.Degraded} degraded[/]");
        Row(grid, "churn alerts", board.ChurnAlerts, "");
        Row(grid, "dead letters", board.DeadLetters, "[grey]" + string.Join(", ", board.DeadReasons.OrderByDescending(r => r.Value).Take(2).Select(r => $"{Markup.Escape(r.Key.Replace('_', ' '))} {r.Value}")) + "[/]");
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

    private static Panel Shards(EngineStatus status)
    {
        var table = new Table().NoBorder().Expand().AddColumns("[grey]shard[/]", "[grey]phase[/]", "[grey]offset[/]", "[grey]durable[/]", "[grey]lag[/]", "[grey]users[/]");
        foreach (var (partition, shard) in status.Shards.Select(s => (s.Partition, s.Status)).Take(5))
        {
            table.AddRow(partition.ToString(CultureInfo.InvariantCulture), shard.Phase == "running" ? "[green]running[/]" : $"[yellow]{Markup.Escape(shard.Phase)}[/]",
                Number(shard.Committed.Events), Number(shard.Durable.Events), Number(shard.LagEvents), Number(shard.ResidentUsers));
        }

        return Boxed(table, $"shards · {status.Items.Items} items known · model {status.Model ?? "none"}");
    }

    private Panel Recommendations(BoardSnapshot board, long nowMs)
    {
        var rows = new List<IRenderable>();
        foreach (var list in board.Latest.Take(5))
        {
            rows.Add(new Markup($"[bold]{Markup.Escape(list.UserId ?? list.AnonymousId ?? "")}[/] [grey]{Ago.Text(list.EmittedAt, nowMs)}{(list.Degraded is { } cause ? $" · [yellow]degraded: {Markup.Escape(cause)}[/]" : "")}[/]"));
            foreach (var item in list.Items.Take(3))
            {
                var line = $"  {item.Rank} {titleOf(item.ItemId)}";
                rows.Add(new Markup($"{Markup.Escape(line)} [grey]— {Markup.Escape(Words.Reason(item, titleOf))}[/]").Overflow(Overflow.Ellipsis));
            }
        }

        return Boxed(new Rows(rows), "latest recommendations");
    }

    private Panel Profile(BoardSnapshot board, long nowMs) =>
        Boxed(board.Profile is { } profile ? ProfilePanel.Of(profile, nowMs, titleOf, latest: 6) : new Markup("[grey]…[/]"), "one user");

    private static Panel Alerts(BoardSnapshot board)
    {
        var table = new Table().NoBorder().Expand().AddColumns("[grey]user[/]", "[grey]risk[/]", "[grey]was[/]", "[grey]worth[/]", "[grey]why[/]", "[grey]do[/]");
        foreach (var alert in board.Alerts.Take(5))
        {
            table.AddRow(Markup.Escape(alert.UserId ?? alert.AnonymousId ?? ""), $"[red]{Percent(alert.Risk)}[/]", Percent(alert.Previous), alert.ExpectedValue.ToString("0", CultureInfo.InvariantCulture),
                Markup.Escape(Words.Reasons(alert)), alert.Treatment ? Markup.Escape(alert.SuggestedAction.Replace('_', ' ')) : "[grey]hold-out[/]");
        }

        return Boxed(table, "customers about to leave");
    }

    private static Panel Notes(BoardSnapshot board) => Boxed(new Rows(board.Notes.TakeLast(6).Select(n => new Markup($"[grey]{Markup.Escape(n)}[/]").Overflow(Overflow.Ellipsis))), "log");

    private static Panel Boxed(IRenderable content, string title) => new Panel(content).Header($"[bold] {Markup.Escape(title)} [/]").Border(BoxBorder.Rounded).BorderColor(Color.Grey).Expand();

    private static void Row(Grid grid, string name, long number, string more) => grid.AddRow(new Markup($"[grey]{name}[/]"), new Markup($"[bold]{Number(number)}[/]"), new Markup(more));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("p0", CultureInfo.InvariantCulture);
}
