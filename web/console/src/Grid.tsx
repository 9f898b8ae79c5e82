/** A table of what the API lists. */

import { Card, Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material'
import type { ReactNode } from 'react'

export interface Column<Row> {
  title: string
  /** Figures stand at the end of their column. */
  figures?: boolean
  show: (row: Row) => ReactNode
}

interface GridProps<Row> {
  name: string
  rows: Row[]
  id: (row: Row) => string
  columns: readonly Column<Row>[]
}

export function Grid<Row>({ name, rows, id, columns }: GridProps<Row>): ReactNode {
  return (
    <TableContainer component={Card}>
      <Table aria-label={name} sx={{ '& td, & th': { px: 1.5 }, '& td': { verticalAlign: 'top' } }}>
        <TableHead>
          <TableRow>
            {columns.map((each) => (
              <TableCell key={each.title} align={each.figures ? 'right' : 'left'}>
                {each.title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={id(row)}>
              {columns.map((each) => (
                <TableCell key={each.title} align={each.figures ? 'right' : 'left'}>
                  {each.show(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  )
}
