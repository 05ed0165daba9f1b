using System.IO.Compression;
using System.Text;
using Streaming.Contracts;
using Streaming.Host.Replay;
using Xunit;

namespace Streaming.Host.Tests.Replay;

public sealed class HistoryReaderTests
{
    private const string RetailHeader = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    private const string TaobaoHeader = "user_id,item_id,category_id,behavior,timestamp\n";

    private static (List<HistoryRecord> Rows, List<RejectedRow> Rejected) Read(HistoryFormat format, string text, HistoryReaderOptions? options = null) =>
        Read(format, Encoding.UTF8.GetBytes(text), options);

    private static (List<HistoryRecord> Rows, List<RejectedRow> Rejected) Read(HistoryFormat format, byte[] bytes, HistoryReaderOptions? options = null)
    {
        var rejected = new List<RejectedRow>();
        var rows = HistoryReader.Read(format, new MemoryStream(bytes), rejected.Add, options).ToList();
        return (rows, rejected);
    }

    [Fact]
    public void OnlineRetail_a_plain_row_is_a_purchase_with_every_field()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail, RetailHeader + "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n");
        Assert.Empty(rejected);
        var row = Assert.Single(rows);
        Assert.Equal((1L, 2L, EventType.Purchase, 1_291_191_960_000L), (row.RowNumber, row.LineNumber, row.Type, row.TimeMs));
        Assert.Equal(("17850", "536365", "85123A", 6L, 2.55m, "GBP", "WHITE HANGING HEART"), (row.UserId, row.SessionId, row.ItemId, row.Quantity, row.UnitPrice, row.Currency, row.Title));
        Assert.Equal("17850", row.Key);
    }

    [Fact]
    public void OnlineRetail_quoted_fields_keep_commas_doubled_quotes_and_line_breaks()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail,
            RetailHeader + "1,a,\"AIRLINE LOUNGE,METAL SIGN\",2,2010-12-01 09:41:00,2.1,1.0,UK\r\n2,b,\"RECORD FRAME 7\"\" SINGLE\nSIZE \",2,2010-12-01 09:41,2.1,2,UK\r\n3,c,plain,1,12/1/2010 8:26,1,3,UK");
        Assert.Empty(rejected);
        Assert.Equal(["AIRLINE LOUNGE,METAL SIGN", "RECORD FRAME 7\" SINGLE\nSIZE", "plain"], rows.Select(r => r.Title));
        Assert.Equal([2L, 3L, 5L], rows.Select(r => r.LineNumber));
        Assert.Equal(1_291_191_960_000L, rows[2].TimeMs);
    }

    [Fact]
    public void OnlineRetail_returns_are_refunds_of_a_positive_quantity()
    {
        var (rows, _) = Read(HistoryFormat.OnlineRetail,
            RetailHeader + "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,UK\n536414,22139,,-56,2010-12-01 11:52:00,0.0,,UK\nC9,x,odd,3,2010-12-01 11:52:00,1,1,UK\n");
        Assert.All(rows, row => Assert.Equal(EventType.Refund, row.Type));
        Assert.Equal([1L, 56L, 3L], rows.Select(r => r.Quantity!.Value));
    }

    [Fact]
    public void OnlineRetail_a_missing_customer_leaves_userId_out_and_keys_by_invoice()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail, RetailHeader + "A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,UK\n");
        Assert.Empty(rejected);
        var row = Assert.Single(rows);
        Assert.Null(row.UserId);
        Assert.Null(row.AnonymousId);
        Assert.Equal("A563186", row.Key);
        Assert.Equal((EventType.Purchase, -11062.06m), (row.Type, row.UnitPrice));
    }

    [Fact]
    public void OnlineRetail_bad_rows_are_named_by_line_and_reason_and_keep_their_number()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail,
            RetailHeader + "1,a,t,x,2010-12-01 08:26:00,1,1,UK\n1,a,t,1,2010-13-01 08:26:00,1,1,UK\n1,a,t,1,2010-12-01 08:26:00,cheap,1,UK\n1,a,t\n\n1,a,t,1,2010-12-01 08:26:00,1,1,UK\n");
        Assert.Equal(["line 2: Quantity is not a whole number", "line 3: InvoiceDate is not a time", "line 4: UnitPrice is not a number", "line 5: 3 fields instead of 8"], rejected.Select(r => r.ToString()));
        Assert.Equal((5L, 7L), (Assert.Single(rows).RowNumber, rows[0].LineNumber));
    }

    [Fact]
    public void OnlineRetail_odd_stock_codes_are_items_like_any_other()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail, RetailHeader + "1,POST,POSTAGE,3,2010-12-01 08:45:00,18.0,1,FR\n1,gift_0001_20,,1,2010-12-01 08:45:00,16.67,,UK\n1,BANK CHARGES,,1,2010-12-01 08:45:00,15,1,UK\n");
        Assert.Empty(rejected);
        Assert.Equal(["POST", "gift_0001_20", "BANK CHARGES"], rows.Select(r => r.ItemId));
    }

    [Fact]
    public void Csv_an_unclosed_quote_costs_its_own_line_only()
    {
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail, RetailHeader + "1,a,\"oops,1,2010-12-01 08:26:00,1,1,UK\n2,b,t,1,2010-12-01 08:26:00,1,1,UK\n");
        Assert.Equal("line 2: a quote is never closed", Assert.Single(rejected).ToString());
        Assert.Equal(("b", 2L), (Assert.Single(rows).ItemId, rows[0].RowNumber));
    }

    [Fact]
    public void Csv_a_row_longer_than_the_limit_costs_its_own_line_only()
    {
        var (rows, rejected) = Read(HistoryFormat.Taobao, TaobaoHeader + "1," + new string('9', 5_000) + ",1,pv,1\n2,\"" + new string('\n', 3_000) + ",1,pv,1\n2,3,4,pv,5\n",
            new HistoryReaderOptions { MaxRowLength = 1_000 });
        Assert.Equal("3", Assert.Single(rows).ItemId);
        Assert.Equal(2, rejected[0].LineNumber);
        Assert.StartsWith("longer than 1000 characters", rejected[0].Reason);
        Assert.Equal(3, rejected[1].LineNumber);
    }

    [Fact]
    public void Csv_columns_come_in_any_order_with_others_between()
    {
        var (rows, _) = Read(HistoryFormat.Taobao, "extra,timestamp,behavior,user_id,category_id,item_id\nq,7,buy,u,c,i\n");
        Assert.Equal(("u", "i", "c", EventType.Purchase, 7_000L, 1L), (rows[0].UserId, rows[0].ItemId, rows[0].Category, rows[0].Type, rows[0].TimeMs, rows[0].Quantity));
    }

    [Fact]
    public void Csv_a_missing_column_is_an_error_that_names_it()
    {
        var error = Assert.Throws<HistoryFormatException>(() => Read(HistoryFormat.Taobao, "user_id,item_id,category_id,behavior\n1,2,3,pv\n"));
        Assert.Contains("timestamp", error.Message);
    }

    [Fact]
    public void Csv_text_that_is_not_utf8_is_rejected_and_readable_with_its_encoding()
    {
        var bytes = Encoding.Latin1.GetBytes(RetailHeader + "1,a,POUND \u00a3,1,2010-12-01 08:26:00,1,1,UK\n");
        var (rows, rejected) = Read(HistoryFormat.OnlineRetail, bytes);
        Assert.Empty(rows);
        Assert.Contains("Description", Assert.Single(rejected).Reason);
        (rows, rejected) = Read(HistoryFormat.OnlineRetail, bytes, new HistoryReaderOptions { EncodingName = "iso-8859-1" });
        Assert.Empty(rejected);
        Assert.Equal("POUND \u00a3", rows[0].Title);
    }

    [Fact]
    public void Taobao_the_four_behaviours_map_to_types_and_others_are_rejected()
    {
        var (rows, rejected) = Read(HistoryFormat.Taobao, TaobaoHeader + "1,2,3,pv,10\n1,2,3,cart,11\n1,2,3,fav,12\n1,2,3,buy,13\n1,2,3,stare,14\n1,2,3,pv,soon\n,2,3,pv,1\n");
        Assert.Equal([EventType.View, EventType.AddToCart, EventType.Wishlist, EventType.Purchase], rows.Select(r => r.Type));
        Assert.Equal([6L, 7L, 8L], rejected.Select(r => r.LineNumber));
    }

    [Fact]
    public void Taobao_without_a_header_reads_the_form_s_own_order()
    {
        var (rows, _) = Read(HistoryFormat.Taobao, "1,2268318,2520377,pv,1511544070\n");
        Assert.Equal(("1", "2268318", 1L, 1L), (rows[0].UserId, rows[0].ItemId, rows[0].RowNumber, rows[0].LineNumber));
    }

    [Fact]
    public void Equal_rows_keep_distinct_numbers()
    {
        var (rows, _) = Read(HistoryFormat.Taobao, TaobaoHeader + "1,2,3,pv,10\n1,2,3,pv,10\n");
        Assert.Equal([1L, 2L], rows.Select(r => r.RowNumber));
    }

    [Fact]
    public void Sessions_a_line_is_one_guest_with_times_a_second_apart()
    {
        var (rows, rejected) = Read(HistoryFormat.Sessions, "1 2\n\n3 4 5\n");
        Assert.Empty(rejected);
        Assert.Equal(["s1", "s1", "s3", "s3", "s3"], rows.Select(r => r.AnonymousId));
        Assert.Equal(["1", "2", "3", "4", "5"], rows.Select(r => r.ItemId));
        Assert.Equal([0L, 1000, 2000, 3000, 4000], rows.Select(r => r.TimeMs - 1_577_836_800_000));
        Assert.All(rows, row => Assert.Null(row.UserId));
        Assert.Equal("s3", rows[4].Key);
    }

    [Fact]
    public void Events_lines_pass_through_and_only_lines_that_are_no_object_are_rejected()
    {
        const string good = """{"eventId":"e1","type":"view","userId":"u","itemId":"i","occurredAt":1767225600051}""";
        const string odd = """{"type":"teleport","anonymousId":"g","occurredAt":"later"}""";
        const string identify = """{"type":"identify","anonymousId":"g","userId":"u","occurredAt":"2026-01-01T00:00:00Z"}""";
        var (rows, rejected) = Read(HistoryFormat.Events, good + "\r\n" + odd + "\n[1]\n{\"a\":\n" + identify);
        Assert.Equal([good, odd, identify], rows.Select(r => Encoding.UTF8.GetString(r.Raw!)));
        Assert.Equal(["u", "g", "g"], rows.Select(r => r.Key));
        Assert.Equal([1767225600051L, 0, 1_767_225_600_000], rows.Select(r => r.TimeMs));
        Assert.Equal([3L, 4L], rejected.Select(r => r.LineNumber));
    }

    [Fact]
    public void Gzip_is_told_by_its_bytes_and_may_be_read_twice()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(TaobaoHeader + "1,2,3,pv,10\n"));
            using var input = HistoryInput.Open(path, 2);
            for (var pass = 0; pass < 2; pass++)
            {
                using var content = input.OpenPass();
                Assert.Single(HistoryReader.Read(HistoryFormat.Taobao, content, _ => Assert.Fail("rejected")));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
