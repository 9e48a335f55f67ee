namespace Ops.Kernels;

/// <content>What a thread needs for the cell it works on.</content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    private readonly struct CellMemory
    {
        /// <summary>Packed keys: of the cell, or of one panel when a row panel is alone, which needs the memory for
        /// <see cref="TurnedScores"/> as well.</summary>
        public readonly C* Keys;

        /// <summary>Packed values of the cell; unused where they lie as they are needed.</summary>
        public readonly C* Values;

        /// <summary>The scores of one row panel.</summary>
        public readonly C* Scores;

        /// <summary>The output of the cell alone.</summary>
        public readonly C* CellOutput;

        /// <summary>Rows on their way into a packed form.</summary>
        public readonly C* Staging;

        /// <summary>A vector for each row.</summary>
        public readonly C* Lanes;

        /// <summary>What the modifier works with.</summary>
        public readonly byte* Work;

        /// <summary>The numbers of each row: of the cell, and the factors of combining it.</summary>
        public readonly C* Max, Sum, Keep, Take;

        public CellMemory(in AttentionBody<V, T, S, C, L, M, K> body, byte* memory, bool isShared, int heads = 1)
        {
            Keys = (C*)RowPanel<C>.Take(ref memory, KeyBytes(in body, isShared));
            Values = (C*)RowPanel<C>.Take(ref memory, ValueBytes(in body, isShared));
            Scores = (C*)RowPanel<C>.Take(ref memory, heads * ScoreBytes);
            CellOutput = (C*)RowPanel<C>.Take(ref memory, heads * OutputBytes(in body));
            Staging = (C*)RowPanel<C>.Take(ref memory, StagingBytes(in body));
            Lanes = (C*)RowPanel<C>.Take(ref memory, LaneBytes);
            Work = RowPanel<C>.Take(ref memory, body._modifier.WorkBytes<V, C>());
            Max = (C*)RowPanel<C>.Take(ref memory, SlotBytes);
            Sum = (C*)RowPanel<C>.Take(ref memory, SlotBytes);
            Keep = (C*)RowPanel<C>.Take(ref memory, heads * SlotBytes);
            Take = (C*)RowPanel<C>.Take(ref memory, heads * SlotBytes);
            new Span<C>(Max, RowPanel<C>.Slots).Clear();
            new Span<C>(Sum, RowPanel<C>.Slots).Clear();
            new Span<C>(Lanes, RowPanel<C>.Slots * V.Count).Clear();
        }

        /// <summary>The same memory, but for what each of several heads has of its own.</summary>
        public CellMemory(in AttentionBody<V, T, S, C, L, M, K> body, in CellMemory cells, int head)
        {
            this = cells;
            Scores = (C*)((byte*)cells.Scores + head * ScoreBytes);
            CellOutput = (C*)((byte*)cells.CellOutput + head * OutputBytes(in body));
            Keep = cells.Keep + head * RowPanel<C>.Slots;
            Take = cells.Take + head * RowPanel<C>.Slots;
        }

        private static long SlotBytes => RowPanel<C>.Slots * sizeof(C);

        private static long LaneBytes => RowPanel<C>.Slots * V.Count * sizeof(C);

        private static long ScoreBytes => (long)MicroKernel.MaxRows<V, C>() * Cell * sizeof(C);

        /// <summary>The bytes of everything.</summary>
        public static long Size(in AttentionBody<V, T, S, C, L, M, K> body, bool isShared, int heads = 1) =>
            RowPanel<C>.Aligned(KeyBytes(in body, isShared)) + RowPanel<C>.Aligned(ValueBytes(in body, isShared))
            + RowPanel<C>.Aligned(heads * ScoreBytes) + RowPanel<C>.Aligned(heads * OutputBytes(in body))
            + RowPanel<C>.Aligned(StagingBytes(in body)) + RowPanel<C>.Aligned(LaneBytes)
            + RowPanel<C>.Aligned(body._modifier.WorkBytes<V, C>()) + (2 + 2 * heads) * RowPanel<C>.Aligned(SlotBytes);

        private static long KeyBytes(in AttentionBody<V, T, S, C, L, M, K> body, bool isShared) =>
            long.Max((long)(isShared ? Cell : Width) * body._problem.Depth * sizeof(C), TurnedScores.WorkBytes);

        private static long ValueBytes(in AttentionBody<V, T, S, C, L, M, K> body, bool isShared) =>
            !isShared && body.ValuesArePlain ? 0 : (long)Cell * body.ColumnPanels * Width * sizeof(C);

        private static long OutputBytes(in AttentionBody<V, T, S, C, L, M, K> body) =>
            (long)MicroKernel.MaxRows<V, C>() * body.ColumnPanels * Width * sizeof(C);

        private static long StagingBytes(in AttentionBody<V, T, S, C, L, M, K> body) =>
            ((long)int.Max(Width, RowPanel<C>.Slots) * body._problem.Depth + body._problem.ValueDepth) * sizeof(C);
    }
}
