using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>A question for one user that waits for the batch that works its answer out, and then for that batch's commit.</summary>
/// <param name="key">Whom it is about.</param>
internal abstract class UserQuestion(UserKey key)
{
    /// <summary>Whom it is about.</summary>
    public UserKey Key { get; } = key;

    /// <summary>Gives the answer.</summary>
    public abstract void Answer();

    /// <summary>Gives an error in its place.</summary>
    public abstract void Refuse(Exception error);
}

/// <summary>Asks for the profile.</summary>
internal sealed class ProfileQuestion(UserKey key) : UserQuestion(key)
{
    private readonly TaskCompletionSource<UserView?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the answer.</summary>
    public Task<UserView?> Task => _answer.Task;

    /// <summary>The answer; null: no such user.</summary>
    public UserView? View { get; set; }

    /// <inheritdoc/>
    public override void Answer() => _answer.TrySetResult(View);

    /// <inheritdoc/>
    public override void Refuse(Exception error) => _answer.TrySetException(error);
}

/// <summary>Asks what would be recommended now.</summary>
/// <param name="key">To whom.</param>
/// <param name="length">Most items; 0: as many as in the topic.</param>
internal sealed class ListQuestion(UserKey key, int length) : UserQuestion(key)
{
    private readonly TaskCompletionSource<UserList> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the answer.</summary>
    public Task<UserList> Task => _answer.Task;

    /// <summary>Most items; 0: as many as in the topic.</summary>
    public int Length { get; } = length;

    /// <summary>True where the profile could not be read.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>False where there is no such user, as far as is known.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The answer.</summary>
    public UserList List { get; set; }

    /// <inheritdoc/>
    public override void Answer() => _answer.TrySetResult(List);

    /// <inheritdoc/>
    public override void Refuse(Exception error) => _answer.TrySetException(error);
}

/// <summary>A list that was asked for.</summary>
/// <param name="Json">Like a record of topic <c>recommendations</c> (see <see cref="Emit.OutputWriter.AskedList"/>), UTF-8.</param>
/// <param name="IsKnown">False where the shard knows no such user: then it is what anybody would get.</param>
public readonly record struct UserList(byte[] Json, bool IsKnown);
