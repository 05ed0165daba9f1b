using System.Text.RegularExpressions;
using Xunit;

namespace Streaming.Core.Tests;

/// <summary>
/// One reader under damaged inputs: those of the corpus first, each of which must come to what its file's ending says, then seeded ones. An input that fails is put into the corpus, as
/// <c>Corpus/READER/NAME.OUTCOME</c>. <c>STREAMING_WRITE_CORPUS=FOLDER</c> writes the first seeded input of each kind of outcome: what the corpus began with.
/// </summary>
/// <param name="output">Where the numbers are told.</param>
/// <param name="reader">Name of the reader, which is its folder in the corpus with dashes for blanks.</param>
/// <param name="read">Gives an input to the reader: the outcome and why. Anything but the reader's own refusal is thrown.</param>
internal sealed partial class FuzzRun(ITestOutputHelper output, string reader, Func<byte[], (string Outcome, string Why)> read)
{
    public const string Read = "read", Refused = "refused", LeftOut = "left-out";
    private const int MostKept = 24;
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Name, byte[] Bytes)> _kinds = [];

    /// <summary>A reader that refuses by an exception of its own, and leaves out what is not its own by false.</summary>
    public static FuzzRun Of<TRefusal>(ITestOutputHelper output, string reader, Func<byte[], bool> read) where TRefusal : Exception => new(output, reader, bytes =>
    {
        try
        {
            return read(bytes) ? (Read, "") : (LeftOut, "");
        }
        catch (TRefusal e)
        {
            return (Refused, e.Message);
        }
    });

    /// <summary>Runs the corpus, then seeded inputs, of which some must be read and some must not.</summary>
    /// <param name="inputs">How many.</param>
    /// <param name="make">The input of a seed.</param>
    /// <param name="outcomes">Outcomes that must occur.</param>
    public void Run(int inputs, Func<int, byte[]> make, params string[] outcomes)
    {
        var corpus = Corpus(reader);
        Assert.NotEmpty(corpus);
        foreach (var (name, bytes, expected) in corpus) Assert.Equal((name, expected), (name, Try(name, bytes).Outcome));
        for (var seed = 0; seed < inputs; seed++)
        {
            var bytes = make(seed);
            var (outcome, why) = Try($"seed {seed}", bytes);
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
            if (_kinds.Count < MostKept) _kinds.TryAdd(outcome + Variable().Replace(why, "#"), ($"seed-{seed}.{outcome}", bytes));
        }

        output.WriteLine(Told(reader, inputs, _outcomes.GetValueOrDefault(Read)));
        Write();
        Assert.All(outcomes, outcome => Assert.True(_outcomes.GetValueOrDefault(outcome) > 0, $"{reader}: none of {inputs} inputs was {outcome}: {string.Join(", ", _outcomes)}"));
    }

    /// <summary>The line that a long run's figures are read from (tests/Streaming.Faults).</summary>
    public static string Told(string reader, int inputs, int read) => FormattableString.Invariant($"fuzz {reader}: {inputs:N0} inputs: {read:N0} read, {inputs - read:N0} refused");

    /// <summary>Inputs of the corpus with what they must come to.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes, string Outcome)> Corpus(string reader)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", Folder(reader));
        Assert.True(Directory.Exists(folder), $"the corpus has no folder {Folder(reader)}");
        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file), Path.GetExtension(file)[1..]))];
    }

    private static string Folder(string reader) => reader.Replace(' ', '-');

    private (string Outcome, string Why) Try(string name, byte[] bytes)
    {
        try
        {
            return read([.. bytes]);
        }
        catch (Exception e)
        {
            Assert.Fail($"{reader}, {name}, {Convert.ToHexString(bytes)}: {e}");
            throw;
        }
    }

    private void Write()
    {
        if (Environment.GetEnvironmentVariable("STREAMING_WRITE_CORPUS") is not { } to) return;
        var folder = Directory.CreateDirectory(Path.Combine(to, Folder(reader))).FullName;
        foreach (var (name, bytes) in _kinds.Values) File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    // What differs between two refusals of one kind: numbers, and names in quotes.
    [GeneratedRegex("'[^']*'|\"[^\"]*\"|-?[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Variable();
}
