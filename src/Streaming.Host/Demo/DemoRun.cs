using System.Diagnostics;
using Spectre.Console;
using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Demo.Storefront;
using Streaming.Host.Demo.View;
using Streaming.Host.Engine;
using Streaming.Host.Http;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Pipeline.Shards;

namespace Streaming.Host.Demo;

/// <summary>One run of the demo: 1 the cluster, 2 the shop's catalogue, 3 the engine, 4 the shop's past and present and everybody who reads the outputs, 5 the view, 6 the end.</summary>
/// <param name="settings">Settings.</param>
/// <param name="shopOptions">The shop.</param>
/// <param name="error">Standard error.</param>
/// <param name="isTerminal">True where standard error is a terminal.</param>
internal sealed class DemoRun(SettingsSnapshot settings, ShopOptions shopOptions, TextWriter error, bool isTerminal)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(2);
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Runs until cancelled.</summary>
    /// <param name="opensBrowser">Whether to open the page.</param>
    /// <param name="until">Ends the demo once it holds; looked at with each picture or line.</param>
    /// <param name="cancellation">Ends the demo in order.</param>
    /// <returns>The last state of the board.</returns>
    public async Task<BoardSnapshot> RunAsync(bool opensBrowser, Func<BoardSnapshot, bool> until, CancellationToken cancellation)
    {
        var board = new DemoBoard(_time, DateTime.Now - Process.GetCurrentProcess().StartTime);
        using var loggers = Logging.To(line => Note(board, line), LogLevel.Warning);
        using var parts = new DemoParts(settings, loggers); // 1
        var kafka = parts.Engine.Kafka;
        var options = shopOptions with { LapsedAfter = LapsedAfter() };
        var shop = new ShopTraffic(options);
        var front = new ShopFront(shop, _time);
        await using var host = new EngineHost(parts.Engine);
        await using var writer = new KafkaEventWriter(kafka, loggers.CreateLogger<KafkaEventWriter>());
        var driver = new ShopDriver(shop, options, front.Queue, writer, kafka.Topics, DemoParts.TopicPartitions, board, _time);
        try
        {
            await driver.OpenAsync(cancellation); // 2
            string TitleOf(string id) => shop.Catalogue.Find(id)?.Title ?? id;
            await host.StartAsync(routes => Map(routes, board, TitleOf, front, host), cancellation); // 3
            await AwaitShardsAsync(host, cancellation);
            if (opensBrowser) BrowserLauncher.TryOpen(host.Address);
            var reader = new OutputReader(kafka, DemoParts.TopicPartitions, board, shop, front.Visitors, () => driver.LiveFromMs, _time, loggers);
            await TogetherAsync(cancellation, driver.RunAsync, reader.ReadRecommendationsAsync, reader.ReadAlertsAsync, reader.ReadDeadLettersAsync, new Spotlight(host, board, _time).RunAsync, // 4
                stop => ShowAsync(board, host, new Dashboard(TitleOf, host.Address), until, stop)); // 5
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // 6: the time is over, or somebody asked.
        }

        return board.Read();
    }

    // Silence at which the model in force speaks up about somebody who bought once; a shop without alerts keeps its own idea of it.
    private TimeSpan LapsedAfter()
    {
        var user = new UserState(UserKey.User("once")) { EpisodePosition = 0, Purchases = { Occasions = 1, FirstMs = 1, LastMs = 1 } };
        var due = new ChurnModel(settings.Get<ChurnOptions>()).NextCheckMs(user, 1);
        return due == 0 ? shopOptions.LapsedAfter : TimeSpan.FromMilliseconds(due - 1);
    }

    private void Map(IEndpointRouteBuilder routes, DemoBoard board, Func<string, string> titleOf, ShopFront front, IEngineView engine)
    {
        StatusPage.Map(routes);
        BoardRoute.Map(routes, board, titleOf);
        front.Map(routes, engine, settings.Get<HttpOptions>().QueryTimeout);
    }

    // Every shard runs and has applied the shop's request, which it reads from its own partition of control.
    private async Task AwaitShardsAsync(EngineHost host, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, _time);
        while (host.Status().Shards.Count(s => s.Status.Phase == ShardPhases.Running && s.Status.Committed.Control > 0) < DemoParts.TopicPartitions) await timer.WaitForNextTickAsync(cancellation);
    }

    // The first that fails ends the others.
    private static async Task TogetherAsync(CancellationToken cancellation, params Func<CancellationToken, Task>[] works)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = works.Select(work => work(stop.Token)).ToList();
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (running.FirstOrDefault(r => r.IsFaulted) ?? first);
    }

    private async Task ShowAsync(DemoBoard board, EngineHost host, Dashboard dashboard, Func<BoardSnapshot, bool> until, CancellationToken cancellation)
    {
        if (!isTerminal)
        {
            await error.WriteLineAsync(PlainView.Opening(host.Address));
            if (PlainView.Api(host.Address, host.Status().Api) is { } api) await error.WriteLineAsync(api);
            using var plain = new PeriodicTimer(PlainEvery, _time);
            while (!until(board.Read()) && await plain.WaitForNextTickAsync(cancellation)) await error.WriteLineAsync(PlainView.Line(board.Read()));
            return;
        }

        using var timer = new PeriodicTimer(Frame, _time);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        await console.Live(dashboard.Draw(board.Read(), host.Status(), NowMs(), console.Profile.Width)).StartAsync(async live =>
        {
            while (!until(board.Read()) && await timer.WaitForNextTickAsync(cancellation)) live.UpdateTarget(dashboard.Draw(board.Read(), host.Status(), NowMs(), console.Profile.Width));
        });
    }

    private void Note(DemoBoard board, string line)
    {
        if (isTerminal) board.Note(line);
        else error.WriteLine(line);
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
