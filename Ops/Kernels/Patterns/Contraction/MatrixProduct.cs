namespace Ops.Kernels;

/// <summary>One product of two matrices, as it lies in memory: y = epilogue(a b, addend).</summary>
/// <typeparam name="T">What memory holds.</typeparam>
/// <typeparam name="C">What is computed with.</typeparam>
internal unsafe struct MatrixProduct<T, C>
    where T : unmanaged
    where C : unmanaged
{
    /// <summary>Rows of a and y.</summary>
    public int M;

    /// <summary>Columns of b and y.</summary>
    public int N;

    /// <summary>Columns of a, rows of b: the length of the sums.</summary>
    public int K;

    /// <summary>The first element of a; one of its strides is 1 unless it has only one row or column.</summary>
    public T* A;

    /// <summary>From a row of a to the next.</summary>
    public nint ARow;

    /// <summary>From a column of a to the next.</summary>
    public nint ADepth;

    /// <summary>The first element of b, unless it is packed; one of its strides is 1 unless it has only one row or column.</summary>
    public T* B;

    /// <summary>From a row of b to the next.</summary>
    public nint BDepth;

    /// <summary>From a column of b to the next.</summary>
    public nint BColumn;

    /// <summary>b in panels, or null.</summary>
    public C* Packed;

    /// <summary>The first element of the addend, or null.</summary>
    public T* Addend;

    /// <summary>From a row of the addend to the next, 0 to use one for all.</summary>
    public nint AddendRow;

    /// <summary>From a column of the addend to the next: 1, or 0 to use one for all.</summary>
    public nint AddendColumn;

    /// <summary>The first element of y, whose columns are neighbours.</summary>
    public T* Y;

    /// <summary>From a row of y to the next.</summary>
    public nint YRow;
}
