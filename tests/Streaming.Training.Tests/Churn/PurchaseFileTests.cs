using System.Text;
using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class PurchaseFileTests
{
    [Fact]
    public void Cdnow_sample_rows_are_parted_by_blanks_and_merged_by_day()
    {
        var history = Read(PurchaseFormat.CdnowSample, " 00004 0001 19970101  2   29.33\n 00004 0001 19970101  1    5.00\n 00004 0001 19970118  2   29.73\n");
        var customer = Assert.Single(history.Customers);
        Assert.Equal("00004", customer.Id);
        Assert.Equal(2, customer.Purchases.Length);
        Assert.Equal(34.33, customer.Purchases[0].Spend, 9);
        Assert.Equal(17, customer.Purchases[1].Day - customer.Purchases[0].Day);
    }

    [Theory]
    [InlineData(PurchaseFormat.Cdnow, "customer_id,date,number_of_cds,dollar_value\na,1997-01-01,1,11.77\nb,19970105,2,3\n")]
    [InlineData(PurchaseFormat.CustDate, "cust,date\na,1997-01-01\nb,1997-01-05 10:00:00\n")]
    public void Forms_with_a_header_find_their_columns_by_name(PurchaseFormat format, string text)
    {
        var history = Read(format, text);
        Assert.Equal(["a", "b"], history.Customers.Select(c => c.Id));
        Assert.Equal(4, history.LastDay - history.FirstDay);
        Assert.Equal(0, history.Bad);
    }

    [Fact]
    public void Bad_rows_are_counted_and_named_by_line_and_reason()
    {
        var history = Read(PurchaseFormat.CustDate, "cust,date\na,1997-01-01\n,1997-01-02\nb,yesterday\nc\n");
        Assert.Equal((4, 3), (history.Rows, history.Bad));
        Assert.Equal("line 3: no customer", history.BadRows[0]);
        Assert.StartsWith("line 4: 'yesterday'", history.BadRows[1], StringComparison.Ordinal);
        Assert.StartsWith("line 5: only 1", history.BadRows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Online_retail_cancellations_free_gifts_and_guests_are_no_purchases()
    {
        var history = Read(PurchaseFormat.OnlineRetail, """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            1,A,x,2,2011-01-01 10:00:00,1.5,buyer,UK
            2,A,x,2,2011-01-02 10:00:00,0,gift,UK
            C3,A,x,-2,2011-01-03 10:00:00,1.5,returner,UK
            4,A,x,2,2011-01-04 10:00:00,1.5,,UK
            """);
        Assert.Equal(["buyer", "returner"], history.Customers.Select(c => c.Id));
        Assert.Equal(3, history.Customers[0].Purchases[0].Spend);
        Assert.Empty(history.Customers[1].Purchases);
        Assert.Single(history.Customers[1].ReturnDays);
    }

    [Fact]
    public void A_missing_column_and_an_empty_file_are_refused()
    {
        Assert.Contains("no column date", Assert.Throws<InvalidDataException>(() => Read(PurchaseFormat.CustDate, "cust,when\na,1\n")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Read(PurchaseFormat.CdnowSample, ""));
    }

    [Fact]
    public void What_was_known_at_a_day_holds_nothing_later()
    {
        var history = Read(PurchaseFormat.CustDate, "cust,date\na,1997-01-01\na,1997-03-01\nb,1997-03-02\n");
        var known = history.UpTo(history.FirstDay + 10);
        Assert.Equal("a", Assert.Single(known.Customers).Id);
        Assert.Single(known.Customers[0].Purchases);
        Assert.Equal(history.FirstDay + 10, known.LastDay);
    }

    private static PurchaseHistory Read(PurchaseFormat format, string text) => PurchaseFile.Read(format, new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
