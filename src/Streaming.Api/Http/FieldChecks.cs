using System.Text;
using Streaming.Api.Settings;
using Streaming.Core.Events;

namespace Streaming.Api.Http;

/// <summary>Checks the fields of a request. The first one that is wrong is named; what is read after it counts no more.</summary>
/// <param name="call">The request.</param>
internal sealed class FieldChecks(ApiCall call)
{
    /// <summary>The first refusal; null: none.</summary>
    public ApiReply? Refusal { get; private set; }

    private LimitOptions Limits => call.Environment.Options.Limits;

    /// <summary>Exactly one of two ids, in the engine's form.</summary>
    public UserKey Person(string? userId, string? anonymousId)
    {
        if (userId is null == anonymousId is null)
        {
            Refuse("userId", "Exactly one of userId and anonymousId must be there.");
            return default;
        }

        if (userId is not null && call.Caller.IsGuestsOnly) Refusal ??= ApiReply.Error(ProblemKind.Forbidden, "The key is for guests alone.", "userId") with { Reason = "guests_only" };
        return userId is not null ? UserKey.User(Id("userId", userId)) : UserKey.Guest(Id("anonymousId", anonymousId));
    }

    /// <summary>An id in the engine's form (docs/dead-letters.md, Ids).</summary>
    public string Id(string field, string? value)
    {
        if (value is not null && call.Environment.Ids.TryCanonical(value, out var id)) return id;
        Refuse(field, $"An id must have 1 to {call.Environment.Decode.MaxIdBytes} bytes and no control characters.");
        return "";
    }

    /// <summary>Ids, none null.</summary>
    public IReadOnlyList<string> Ids(string field, IReadOnlyList<string?>? values, int most, int least = 0)
    {
        if (values is null && least == 0) return [];
        if (values is null || values.Count < least || values.Count > most)
        {
            Refuse(field, $"There must be {least} to {most}.");
            return [];
        }

        var ids = new string[values.Count];
        for (var i = 0; i < ids.Length && Refusal is null; i++) ids[i] = Id($"{field}[{i}]", values[i]);
        return ids;
    }

    /// <summary>A number within bounds.</summary>
    public int Number(string field, int? value, int absent, int least, int most)
    {
        var number = value ?? absent;
        if (number < least || number > most) Refuse(field, $"It must be {least} to {most}.");
        return number;
    }

    /// <summary>Time of an answer.</summary>
    public TimeSpan Time(int? milliseconds) => TimeSpan.FromMilliseconds(Number("timeLimitMs", milliseconds, (int)Limits.MaxTime.TotalMilliseconds, 1, (int)Limits.MaxTime.TotalMilliseconds));

    /// <summary>A short name: letters, digits and <c>-_.:/</c>.</summary>
    public string? Word(string field, string? value)
    {
        if (value is null || (value.Length > 0 && value.Length <= Limits.MaxWordLength && value.EnumerateRunes().All(IsOfWord))) return value;
        Refuse(field, $"It must be 1 to {Limits.MaxWordLength} letters, digits and -_.:/");
        return null;
    }

    /// <summary>A text without control characters.</summary>
    public string? Text(string field, string? value)
    {
        if (value is null || (value.Length > 0 && value.Length <= Limits.MaxTextLength && !value.Any(char.IsControl))) return value;
        Refuse(field, $"It must be 1 to {Limits.MaxTextLength} characters without control characters.");
        return null;
    }

    /// <summary>A token of ours: visible ASCII.</summary>
    public string? Token(string field, string? value)
    {
        if (value is null || (value.Length > 0 && value.Length <= Limits.MaxTextLength && value.All(c => c is > ' ' and < '\x7f'))) return value;
        Refuse(field, $"It must be 1 to {Limits.MaxTextLength} visible ASCII characters.");
        return null;
    }

    /// <summary>Something that must be there.</summary>
    public void Need(string field, bool isThere)
    {
        if (!isThere) Refuse(field, "It must be there.");
    }

    /// <summary>Refuses a field, unless another was refused before.</summary>
    public void Refuse(string field, string why) => Refusal ??= ApiReply.Error(ProblemKind.InvalidField, why, field);

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' or ':' or '/';
}
