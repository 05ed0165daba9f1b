using Cassandra;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Reads one query's rows page by page; each page is a request of its own, bounded and repeated like any other.</summary>
internal sealed class RowCursor(CassandraRequests requests, Func<BoundStatement> query, int rowsAPage)
{
    private Queue<Row> _page = [];
    private byte[]? _next;
    private bool _asked;

    /// <summary>The row at hand; null before the first and after the last.</summary>
    public Row? Current { get; private set; }

    /// <summary>Moves to the next row; false after the last.</summary>
    public async ValueTask<bool> MoveAsync(CancellationToken cancellation)
    {
        // A page may be empty although more follow.
        while (_page.Count == 0 && (!_asked || _next is not null)) await FetchAsync(cancellation);
        Current = _page.Count > 0 ? _page.Dequeue() : null;
        return Current is not null;
    }

    private async Task FetchAsync(CancellationToken cancellation)
    {
        var statement = query().SetPageSize(rowsAPage).SetAutoPage(false);
        if (_next is not null) statement.SetPagingState(_next);
        var rows = await requests.SendAsync(statement, cancellation);
        _next = rows.PagingState;
        _page = new Queue<Row>(rows);
        _asked = true;
    }
}
